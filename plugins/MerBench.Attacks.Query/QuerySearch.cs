using MerBench.Attacks.Gradient;
using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>What attacks without gradients share: the ball, the best point so far, and a limit on queries that nothing passes. A query is
/// one forward call of one clip.</summary>
internal sealed class QuerySearch
{
    private readonly AttackContext _context;
    private readonly CancellationToken _cancel;
    private readonly int _limit;

    public QuerySearch(AttackContext context, string attack, int limit, CancellationToken cancel)
    {
        (_context, _limit, _cancel) = (context, limit, cancel);
        Ball = new Ball(context, attack);
        Best = new BestIterate(context.Input);
    }

    public Ball Ball { get; }

    public BestIterate Best { get; }

    /// <summary>Queries that each clip may still make.</summary>
    public int Left => _limit - Used;

    private int Used { get; set; }

    /// <summary>The objective at an allowed perturbation, <c>[B]</c>, which is remembered where it is the best so far.</summary>
    /// <exception cref="InvalidOperationException">No query is left; a fault of the attack.</exception>
    public Tensor Ask(Tensor delta)
    {
        _cancel.ThrowIfCancellationRequested();
        if (Left <= 0)
            throw new InvalidOperationException("No query is left.");
        Used++;
        Tensor point = Ball.Apply(delta);
        Tensor value = _context.Evaluate(point);
        Best.Consider(point, value);
        _context.Progress?.Report((double)Used / _limit);
        return value;
    }
}
