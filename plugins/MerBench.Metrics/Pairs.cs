namespace MerBench.Metrics;

/// <summary>What every metric here asks of its two columns.</summary>
internal static class Pairs
{
    /// <summary>True when there is nothing to measure.</summary>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static bool AreMissing(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted) =>
        actual.Length != predicted.Length
            ? throw new ArgumentException(
                $"{actual.Length} ratings cannot be compared with {predicted.Length} predictions.",
                nameof(predicted)
            )
            : actual.IsEmpty;
}
