using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Host.Plugins;

/// <summary>Judges what a perturbation plugin handed back, before anything is computed from it.</summary>
internal sealed class PerturbationCheck(string plugin, Domain domain, Budget? budget, Box? box)
{
    // Adding and subtracting a perturbation in float32 rounds by up to half a unit in the last place of the input.
    private const double RelativeSlack = 1e-4;
    private const double RoundingOfInput = 1.2e-7;
    private const double SnrSlackDb = 0.01;

    /// <param name="clips">Their names, for messages.</param>
    /// <exception cref="CellFailedException">Shape, finiteness, budget or box is broken; the message names the clip.</exception>
    public void Enforce(Tensor? perturbed, Tensor clean, IReadOnlyList<string> clips)
    {
        if (perturbed is null)
            throw new CellFailedException($"{plugin} returned nothing.");
        if (!perturbed.shape.SequenceEqual(clean.shape))
            throw new CellFailedException(
                $"{plugin} returned shape [{string.Join(", ", perturbed.shape)}] where [{string.Join(", ", clean.shape)}] was expected."
            );
        if (perturbed.dtype != clean.dtype)
            throw new CellFailedException($"{plugin} returned {perturbed.dtype} where {clean.dtype} was expected.");
        using var scope = NewDisposeScope();
        bool[] finite = perturbed.flatten(1).isfinite().all(1).cpu().data<bool>().ToArray();
        if (Array.IndexOf(finite, false) is >= 0 and var bad)
            throw new CellFailedException($"{plugin} returned NaN or infinity for clip '{clips[bad]}'.");
        if (box is { } b)
            EnforceBox(perturbed, b, clips);
        if (budget is { } limit)
            EnforceBudget(perturbed, clean, limit, clips);
    }

    private void EnforceBox(Tensor perturbed, Box b, IReadOnlyList<string> clips)
    {
        double slack = (b.Maximum - b.Minimum) * 1e-6;
        float[] low = perturbed.flatten(1).amin([1]).cpu().data<float>().ToArray();
        float[] high = perturbed.flatten(1).amax([1]).cpu().data<float>().ToArray();
        for (int i = 0; i < low.Length; i++)
            if (low[i] < b.Minimum - slack || high[i] > b.Maximum + slack)
                throw new CellFailedException(
                    Text(
                        $"{plugin} left the {Name(domain)} range {b.Minimum}..{b.Maximum} on clip '{clips[i]}': {low[i]:g5}..{high[i]:g5}."
                    )
                );
    }

    private void EnforceBudget(Tensor perturbed, Tensor clean, Budget limit, IReadOnlyList<string> clips)
    {
        using var guard = no_grad();
        float[] sizes = limit.Measure(perturbed - clean, clean).cpu().data<float>().ToArray();
        float[] rounding = (limit.Norm == Norm.Linf ? clean.flatten(1).abs().amax([1]) : clean.flatten(1).norm(1))
            .cpu()
            .data<float>()
            .ToArray();
        for (int i = 0; i < sizes.Length; i++)
        {
            bool broken =
                limit.Norm == Norm.Snr
                    ? sizes[i] < limit.Size - SnrSlackDb
                    : sizes[i] > (limit.Size * (1 + RelativeSlack)) + (rounding[i] * RoundingOfInput);
            if (broken)
                throw new CellFailedException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{plugin} broke its budget on clip '{clips[i]}': {limit.Norm.ToString().ToLowerInvariant()} {sizes[i]:g5} where "
                            + $"{limit} is allowed."
                    )
                );
        }
    }

    private static string Name(Domain domain) => domain == Domain.Waveform ? "waveform" : "feature";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
