namespace MerBench.Host.Results;

/// <summary>What a cell's model proves about its clips at the cell's budget, beside what the perturbation reached. Errors are mean absolute
/// errors over clips and emotions.</summary>
/// <param name="Confidence">With which probability the intervals of a clip hold, all emotions at once.</param>
/// <param name="Clean">Error of the clean predictions.</param>
/// <param name="Perturbed">Error of the perturbed predictions: what was found.</param>
/// <param name="Error">The largest error within the intervals: what cannot be exceeded; not defined where an interval is infinite.</param>
/// <param name="Width">Mean length of the intervals; not defined where one is infinite.</param>
/// <param name="Radius">Median over clips of the largest perturbation, in the budget's norm, that is proven to move no prediction by the
/// tolerance; null where half of the clips have none.</param>
/// <param name="Clips">How many clips were examined.</param>
public sealed record CertifiedResult(
    double Confidence,
    double Clean,
    double Perturbed,
    double Error,
    double Width,
    double? Radius,
    int Clips
)
{
    /// <summary>Clips of which nothing is proven at this budget.</summary>
    public int Unbounded { get; init; }

    /// <summary>Clips whose perturbed prediction lies outside of what is proven.</summary>
    public int Violations { get; init; }
}
