namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>
/// The plugins of a benchmark file that names none. They belong to what a file means, so that it means the same whatever is installed: the
/// one
/// place where the host knows plugins by id.
/// </summary>
internal static class StandardPlugins
{
    public const string FrontEnd = "madmom-log";

    public static IReadOnlyList<string> Metrics { get; } = ["mae", "rmse", "pearson", "ccc", "r2"];
}
