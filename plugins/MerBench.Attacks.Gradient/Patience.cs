using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>Ends a clip whose objective has not risen above its best for some steps in a row. Its tensors belong to the dispose scope in
/// which it was made, and are written in place.</summary>
/// <param name="context">Of the attack.</param>
/// <param name="steps">How many; null for no end.</param>
internal sealed class Patience(AttackContext context, int? steps)
{
    private readonly Tensor _best = full(context.Input.shape[0], double.NegativeInfinity, device: context.Input.device);
    private readonly Tensor _waited = zeros(context.Input.shape[0], ScalarType.Int32, context.Input.device);

    /// <summary>Which clips have ended, <c>[B]</c>; null where none can.</summary>
    public Tensor? Ended => steps is { } most ? _waited >= most : null;

    /// <summary>Takes note of the objective of a step.</summary>
    /// <param name="value">Values <c>[B]</c>; those of clips that have ended are not numbers.</param>
    public void Note(Tensor value)
    {
        if (steps is null)
            return;
        Tensor better = value > _best;
        _best.copy_(where(better, value, _best));
        _waited.add_(1).masked_fill_(better, 0);
    }

    /// <summary>Notes with each clip that has ended that it did.</summary>
    public void Report()
    {
        using var scope = NewDisposeScope();
        if (Ended is not { } ended)
            return;
        bool[] clips = ended.cpu().data<bool>().ToArray();
        for (int clip = 0; clip < clips.Length; clip++)
            if (clips[clip])
                context.Note(clip, "ended-by", "patience");
    }
}
