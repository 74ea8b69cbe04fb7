using static TorchSharp.torch;

namespace MerBench.Models.Baselines;

/// <summary>Penalties to choose from.</summary>
/// <param name="Smallest">The first of a grid.</param>
/// <param name="Largest">The last of it.</param>
/// <param name="Size">How many, spaced evenly on a logarithmic scale.</param>
/// <param name="Fixed">The one that is taken; 0 chooses one from the grid.</param>
internal sealed record PenaltyGrid(double Smallest, double Largest, int Size, double Fixed = 0);

/// <summary>Ridge regression on statistics that are standardised by those of the training clips, with the best penalty.</summary>
/// <param name="Mean">Of each statistic, <c>[D]</c>.</param>
/// <param name="Deviation">Of each statistic, <c>[D]</c>.</param>
/// <param name="Weight">Of standardised statistics, <c>[D, E]</c>.</param>
/// <param name="Bias"><c>[E]</c>.</param>
/// <param name="Penalty">On the sum of squared weights.</param>
internal sealed record RidgeFit(Tensor Mean, Tensor Deviation, Tensor Weight, Tensor Bias, double Penalty)
{
    // Statistics that hardly vary over the training clips carry rounding noise only.
    private const double SmallestDeviation = 1e-6;

    /// <summary>Fits statistics <c>[N, D]</c> to targets <c>[N, E]</c>, both float64 on the CPU.</summary>
    /// <param name="training">What is fitted.</param>
    /// <param name="validation">What the penalty is chosen on, by the mean squared error; null for generalised cross-validation.</param>
    /// <param name="grid">Penalties.</param>
    /// <param name="cancel">Cancels the fit.</param>
    public static RidgeFit Solve(
        (Tensor Statistics, Tensor Targets) training,
        (Tensor Statistics, Tensor Targets)? validation,
        PenaltyGrid grid,
        CancellationToken cancel
    )
    {
        Tensor mean = training.Statistics.mean([0]),
            bias = training.Targets.mean([0]);
        Tensor spread = (training.Statistics - mean).square().mean([0]).sqrt();
        Tensor deviation = where(spread > SmallestDeviation, spread, ones_like(spread));
        using var solver = new RidgeSolver((training.Statistics - mean) / deviation, training.Targets - bias);
        double penalty = grid.Fixed > 0 ? grid.Fixed : Choose(grid, Error(), cancel);
        return new RidgeFit(mean, deviation, solver.Weights(penalty), bias, penalty);

        Func<double, double> Error()
        {
            if (validation is not { } seen)
                return solver.GeneralisedCrossValidation;
            Tensor unseen = (seen.Statistics - mean) / deviation;
            return candidate =>
            {
                using var step = NewDisposeScope();
                return (unseen.mm(solver.Weights(candidate)) + bias - seen.Targets).square().mean().item<double>();
            };
        }
    }

    // On equal errors the larger penalty wins: the simpler model.
    private static double Choose(PenaltyGrid grid, Func<double, double> error, CancellationToken cancel)
    {
        (double best, double lowest) = (grid.Largest, double.PositiveInfinity);
        double ratio = grid.Largest / grid.Smallest;
        for (int i = grid.Size - 1; i >= 0; i--)
        {
            cancel.ThrowIfCancellationRequested();
            double penalty = grid.Smallest * Math.Pow(ratio, (double)i / (grid.Size - 1)),
                found = error(penalty);
            if (found < lowest)
                (best, lowest) = (penalty, found);
        }

        return best;
    }
}
