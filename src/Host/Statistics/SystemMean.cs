namespace MerBench.Host.Statistics;

/// <summary>A system's mean of one measure, over seeds and clips.</summary>
/// <param name="Bootstrap">95 % interval; see <see cref="HierarchicalBootstrap"/>.</param>
public sealed record SystemMean(string Measure, string System, int Seeds, int Clips, double Mean, Interval Bootstrap)
{
    public static SystemMean Estimate(string measure, string system, ErrorTable errors) =>
        new(
            measure,
            system,
            errors.Seeds.Count,
            errors.Clips.Count,
            errors.Mean(),
            HierarchicalBootstrap.Estimate(errors, RandomStream.For("bootstrap", measure, system))
        );
}
