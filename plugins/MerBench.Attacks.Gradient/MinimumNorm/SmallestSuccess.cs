using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>
/// What attacks that look for the smallest perturbation share: the smallest one so far that succeeded, a clip, and where none did, the one
/// that came closest. A clip succeeds when its
/// shift (<see cref="Objective.Shift"/>) is 1 or more. Its tensors belong to the dispose scope in which it was made, and are written in
/// place.
/// </summary>
internal sealed class SmallestSuccess
{
    private readonly AttackContext _context;
    private readonly Norm _norm;
    private readonly Tensor _delta,
        _closest,
        _size,
        _shift;

    /// <param name="context">The attack's context.</param>
    /// <param name="norm">How size is measured: linf or l2.</param>
    public SmallestSuccess(AttackContext context, Norm norm)
    {
        (_context, _norm) = (context, norm);
        (_delta, _closest) = (zeros_like(context.Input), zeros_like(context.Input));
        _size = full(context.Input.shape[0], double.PositiveInfinity, context.Input.dtype, context.Input.device);
        _shift = full_like(_size, double.NegativeInfinity);
    }

    /// <summary>The size of each clip's smallest success, <c>[B]</c>; infinite before the first.</summary>
    public Tensor Size => _size;

    /// <summary>Which clips have succeeded, <c>[B]</c>.</summary>
    public Tensor Found => _size.isfinite();

    /// <summary>The smallest success of each clip; zero before the first.</summary>
    public Tensor Delta => _delta;

    /// <summary>Keeps what is smaller or closer.</summary>
    /// <param name="delta">Perturbations <c>[B, ...]</c>, within the box.</param>
    /// <param name="shift">Their shifts <c>[B]</c>.</param>
    public void Consider(Tensor delta, Tensor shift)
    {
        using var scope = NewDisposeScope();
        Tensor size = new Budget(_norm, 0).Measure(delta, _context.Input);
        Tensor smaller = (shift >= 1).logical_and(size < _size),
            closer = shift > _shift;
        _size.copy_(where(smaller, size, _size));
        _shift.copy_(where(closer, shift, _shift));
        _delta.copy_(where(PerClip.Column(smaller, delta), delta, _delta));
        _closest.copy_(where(PerClip.Column(closer, delta), delta, _closest));
    }

    /// <summary>The perturbed inputs: the smallest success of each clip, or what came closest; within the budget, if there is
    /// one.</summary>
    public Tensor Result()
    {
        Tensor chosen = _context.Project(where(PerClip.Column(Found, _delta), _delta, _closest));
        Tensor perturbed = _context.Input + chosen;
        return _context.Box is { } box ? perturbed.clamp(box.Minimum, box.Maximum) : perturbed;
    }

    /// <summary>The norm to minimise: the budget's, or else what the options say. An snr budget is a bound on L2.</summary>
    public static Norm NormOf(AttackContext context, Norm wanted) => (context.Budget?.Norm ?? wanted) == Norm.Linf ? Norm.Linf : Norm.L2;

    /// <summary>The batch with the shift as its objective.</summary>
    public static AttackContext OnShift(AttackContext context) => context.With(Objective.ShiftOf(context.Objective));

    /// <summary>A first point beside the clean input, where the shift has a gradient: noise of a thousandth of the clip's standard
    /// deviation.</summary>
    public static Tensor Beside(AttackContext context) =>
        context.Project(context.Normal() * (context.Input.flatten(1).std(1).reshape(PerClip.ColumnShape(context.Input)) * 1e-3));
}
