using static TorchSharp.torch;

namespace MerBench.Models.Baselines;

/// <summary>
/// Ridge regression by singular value decomposition (Hoerl and Kennard 1970), for many penalties at the price of one. All in double
/// precision; statistics and targets are centred, and statistics scaled, on the training clips.
/// </summary>
internal sealed class RidgeSolver : IDisposable
{
    private readonly Tensor _left,
        _values,
        _right,
        _targets;

    /// <summary>Decomposes centred, scaled statistics <c>[N, D]</c>; targets <c>[N, E]</c> are centred.</summary>
    public RidgeSolver(Tensor statistics, Tensor targets)
    {
        (_left, _values, _right) = linalg.svd(statistics, fullMatrices: false);
        _targets = targets;
    }

    /// <summary>Weights <c>[D, E]</c> for one penalty.</summary>
    public Tensor Weights(double penalty)
    {
        using var scope = NewDisposeScope();
        Tensor shrunk = (_values / (_values.square() + penalty)).unsqueeze(1) * _left.t().mm(_targets);
        return _right.t().mm(shrunk).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Generalised cross-validation (Golub, Heath and Wahba 1979): mean squared residual over the squared share of unused degrees of
    /// freedom. One
    /// degree goes to the intercept.
    /// </summary>
    public double GeneralisedCrossValidation(double penalty)
    {
        using var scope = NewDisposeScope();
        double clips = _targets.shape[0];
        Tensor share = _values.square() / (_values.square() + penalty);
        Tensor residual = _targets - _left.mm(share.unsqueeze(1) * _left.t().mm(_targets));
        double unused = 1 - ((share.sum().item<double>() + 1) / clips);
        return unused <= 0 ? double.PositiveInfinity : residual.square().mean().item<double>() / (unused * unused);
    }

    public void Dispose()
    {
        _left.Dispose();
        _values.Dispose();
        _right.Dispose();
    }
}
