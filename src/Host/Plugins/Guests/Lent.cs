using static TorchSharp.torch;

namespace MerBench.Host.Plugins.Guests;

/// <summary>Tensors that plugins see are copies, theirs to spoil; who does so is named, for its own result is wrong then.</summary>
internal static class Lent
{
    /// <summary>A copy to lend; differentiable where the original is.</summary>
    public static Tensor Copy(Tensor own) => own.clone();

    /// <summary>Clips to lend, on a device.</summary>
    public static LabelledClips Copy(LabelledClips own, Device device) =>
        new(Copy(own.Input.to(device)), Copy(own.Emotion.to(device)), own.Concepts is { } concepts ? Copy(concepts.to(device)) : null)
        {
            Curve = own.Curve is { } curve ? Copy(curve.to(device)) : null,
        };

    /// <param name="plugin">Who had it.</param>
    /// <param name="what">What it is, such as «the ratings».</param>
    /// <param name="lent">What it got.</param>
    /// <param name="own">What it was copied from.</param>
    /// <exception cref="CellFailedException">They differ in shape or in a bit.</exception>
    public static void RequireUnspoiled(string plugin, string what, Tensor lent, Tensor own)
    {
        if (lent.IsInvalid)
            throw new CellFailedException($"{plugin} disposed {what} that it was given. They are not its own.");
        if (!AreSame(lent, own))
            throw new CellFailedException($"{plugin} wrote into {what} that it was given. It has to work on a copy: clone().");
    }

    /// <summary>As for one tensor, of clips with their ratings.</summary>
    public static void RequireUnspoiled(string plugin, string what, LabelledClips lent, LabelledClips own)
    {
        RequireUnspoiled(plugin, what, lent.Input, own.Input);
        RequireUnspoiled(plugin, $"the emotions of {what}", lent.Emotion, own.Emotion);
        if (own.Concepts is { } concepts)
            RequireUnspoiled(plugin, $"the concepts of {what}", lent.Concepts!, concepts);
        if (own.Curve is { } curve)
            RequireUnspoiled(plugin, $"the ratings over time of {what}", lent.Curve!, curve);
    }

    /// <summary>Whether two tensors are the same to the bit.</summary>
    public static bool AreSame(Tensor one, Tensor other)
    {
        if (one.dtype != other.dtype || !one.shape.SequenceEqual(other.shape))
            return false;
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor same = one.detach().eq(other.detach().to(one.device));
        // NaN is not equal to itself.
        return same.all().item<bool>() || same.logical_or(one.isnan().logical_and(other.isnan().to(one.device))).all().item<bool>();
    }
}
