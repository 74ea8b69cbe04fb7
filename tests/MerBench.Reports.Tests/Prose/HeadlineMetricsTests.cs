using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Tests.Reports;

public sealed class HeadlineMetricsTests
{
    private static readonly PluginDescriptor[] Known =
    [
        Metric("error", isHeadline: true),
        Metric("agreement", isHeadline: true),
        Metric("another-error", isHeadline: false),
        Metric("third", isHeadline: true),
    ];

    [TestCase("another-error error agreement", "error agreement")]
    [TestCase("agreement another-error error", "error agreement")]
    [TestCase("another-error unknown error", "another-error unknown")]
    [TestCase("third error agreement", "third error")]
    [TestCase("unknown", "unknown")]
    public void A_narrow_table_shows_two_headlines_errors_first_or_else_the_first_two(string reported, string shown) =>
        Assert.That(HeadlineMetrics.ChooseTwo(Results(reported.Split(' '))), Is.EqualTo(shown.Split(' ')));

    [TestCase("agreement another-error error", "error")]
    [TestCase("agreement another-error", null)]
    public void The_error_of_figures_is_a_headline_or_missing(string reported, string? shown) =>
        Assert.That(HeadlineMetrics.FindError(Results(reported.Split(' '))), Is.EqualTo(shown));

    private static PluginDescriptor Metric(string id, bool isHeadline) =>
        new(PluginKind.Metric, id, "", "", "", PluginState.Ready)
        {
            Metric = MetricDescription.FromId(id) with { IsHeadline = isHeadline },
        };

    private static RunResults Results(IEnumerable<string> metrics)
    {
        var means = metrics.ToDictionary(m => m, _ => new SeedSummary(0, 0, 0, null));
        var row = new RobustnessRow
        {
            Model = "model",
            Perturbation = "attack",
            Strength = "",
            LabelPreserving = true,
            Seeds = 1,
            Failed = 0,
            Metrics = means,
            ClippedMetrics = means,
        };
        return new RunResults
        {
            Schema = 1,
            Benchmark = "",
            Environment = null!,
            Dataset = null!,
            Models = [],
            Cells = [],
            Summary = [row],
            SuccessTolerance = "",
            MinimumNorms = [],
            Statistics = [],
            HigherIsBetter = ["agreement"],
            Metrics = new MetricDescriptions(Known),
        };
    }
}
