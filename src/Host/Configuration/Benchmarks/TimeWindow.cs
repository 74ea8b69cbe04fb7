using System.Globalization;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>A stretch of time in excerpts.</summary>
/// <param name="From">Its beginning, in seconds.</param>
/// <param name="To">Its end, in seconds; later.</param>
public sealed record TimeWindow(double From, double To)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:0.###} to {To:0.###} s");
}
