using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>The perturbations that one batch allows: the budget's ball around each clip, within the box.</summary>
internal sealed class Ball
{
    private readonly AttackContext _context;

    /// <summary>The ball of a batch.</summary>
    /// <param name="context">The attack's context.</param>
    /// <param name="attack">The attack's id, for the message.</param>
    /// <exception cref="PluginUserException">The benchmark gives the attack no budget.</exception>
    public Ball(AttackContext context, string attack)
    {
        if (context.Budget is not { } budget)
        {
            throw new PluginUserException(
                $"The attack '{attack}' needs a budget, because its step size is a share of it. Give its perturbation one in the "
                    + $"benchmark file, "
                    + $"for example 'budgets: {{ linf: [0.01, 0.03] }}' (or l2, or snr in dB)."
            );
        }

        _context = context;
        Norm = budget.Norm;
        Radius = budget.Radius(context.Input);
    }

    /// <summary>How size is measured.</summary>
    public Norm Norm { get; }

    /// <summary>The radius of each clip's ball, <c>[B, 1, ...]</c>; zero for silence under an snr budget.</summary>
    public Tensor Radius { get; }

    /// <summary>The nearest allowed perturbation.</summary>
    /// <param name="delta">Perturbation <c>[B, ...]</c>.</param>
    public Tensor Project(Tensor delta) => _context.Project(delta);

    /// <summary>The perturbed input; clamped once more, since adding what was subtracted may leave the box by a rounding error.</summary>
    /// <param name="delta">An allowed perturbation <c>[B, ...]</c>.</param>
    public Tensor Apply(Tensor delta)
    {
        Tensor perturbed = _context.Input + delta;
        return _context.Box is { } box ? perturbed.clamp(box.Minimum, box.Maximum) : perturbed;
    }

    /// <summary>
    /// A random allowed perturbation, each clip from its own stream: uniform in the ball for linf; for l2 and snr a uniformly random
    /// direction as long as the radius, which is where nearly all of a ball in this many dimensions lies.
    /// </summary>
    public Tensor RandomPoint() =>
        Project(Norm == Norm.Linf ? _context.Uniform() * Radius : SteepestStep.Along(Norm, _context.Normal()) * Radius);
}
