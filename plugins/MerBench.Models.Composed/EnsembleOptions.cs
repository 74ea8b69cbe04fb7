using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Composed;

/// <summary>Options of <see cref="Ensemble"/>.</summary>
public sealed record EnsembleOptions(
    [Description("The names of the benchmark's models that are asked.")] [ModelName] [MinLength(2)] IReadOnlyList<string> Of,
    [Description("What their predictions are summed up by: mean, or median, which one model that is far off does not move.")]
        Combination Combine = Combination.Mean
);

/// <summary>How predictions of several models become one.</summary>
public enum Combination
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their median; of an even number the mean of the two in the middle.</summary>
    Median,
}
