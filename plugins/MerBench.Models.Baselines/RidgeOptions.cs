using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Baselines;

/// <summary>How the penalty is chosen.</summary>
public enum PenaltySelection
{
    /// <summary>The smallest mean squared error on the validation clips; by generalised cross-validation where there are none.</summary>
    Validation,

    /// <summary>Generalised cross-validation on the training clips.</summary>
    Gcv,
}

/// <summary>Options of <see cref="RidgeModel"/>.</summary>
public sealed record RidgeOptions(
    [Description("A fixed penalty on the sum of squared weights of standardised statistics; 0 chooses one from the grid.")]
    [Range(0, 1e12)]
        double Penalty = 0,
    [Description(
        "How a penalty is chosen: validation (smallest error on validation clips) or gcv (generalised cross-validation on training clips)."
    )]
        PenaltySelection Selection = PenaltySelection.Validation,
    [Description("Smallest penalty of the grid.")] [Range(1e-9, 1e12)] double SmallestPenalty = 1e-1,
    [Description("Largest penalty of the grid.")] [Range(1e-9, 1e12)] double LargestPenalty = 1e5,
    [Description("Penalties in the grid, spaced evenly on a logarithmic scale.")] [Range(2, 1000)] int GridSize = 25
);
