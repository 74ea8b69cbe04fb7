using MerBench.Host.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Text;
using MerBench.Metrics;
using MerBench.Tests.Checks;

namespace MerBench.Tests.Execution;

/// <summary>What is measured over time, on three songs of five moments that are sines; one rating is missing.</summary>
public sealed class CurveMeasurementsTests
{
    private const int Songs = 3,
        Moments = 5;

    // numpy 1.24 and scipy 1.10: abs(a-b).mean(), sqrt(((a-b)**2).mean()), corrcoef(a, b)[0, 1], 2*cov/(var+var+(mean-mean)**2),
    // stats.kendalltau(a, b); within songs the mean over songs, then all moments at once.
    [TestCase("mae", 0, 0.0910892259390651, 0.15712796256544156, 0.09049227905486946, 0.15807691802167004)]
    [TestCase("mae", 1, 0.07594251937744481, 0.18755754283831746, 0.07594251937744481, 0.1875575428383174)]
    [TestCase("rmse", 0, 0.10095893559401088, 0.1840774208945862, 0.10058261392165077, 0.18525123362060314)]
    [TestCase("rmse", 1, 0.09015848866180703, 0.2090486309473635, 0.09053831491022511, 0.21050104907175915)]
    [TestCase("pearson", 0, 0.9545977081004424, 0.6096282538487334, 0.9595630907972635, 0.5693433062319269)]
    [TestCase("pearson", 1, 0.9452037319825638, 0.33621023975268544, 0.9565443415914542, 0.3110614085887497)]
    [TestCase("ccc", 0, 0.8290532760747266, 0.4713626121594355, 0.8653526849185447, 0.49181725409465205)]
    [TestCase("ccc", 1, 0.8750807437515721, 0.28591547658631256, 0.8871347020804699, 0.2771314348020885)]
    [TestCase("kendall", 0, 0.7999999999999999, 0.48888888888888893, 0.8901098901098902, 0.4725274725274726)]
    [TestCase("kendall", 1, 0.7333333333333333, 0.13333333333333333, 0.7904761904761906, 0.18095238095238098)]
    public void Metrics_are_those_of_numpy_and_scipy(
        string metric,
        int emotion,
        double song,
        double perturbedSong,
        double all,
        double perturbedAll
    )
    {
        OverTimeResult result = Measure(null, Use(metric));
        MetricValue within = result.PerSong[metric].PerLabel[$"e{emotion}"],
            frames = result.AllFrames[metric].PerLabel[$"e{emotion}"];
        Assert.That(new[] { within.Clean!.Value, within.Perturbed!.Value }, Is.EqualTo(new[] { song, perturbedSong }).Within(1e-9));
        Assert.That(new[] { frames.Clean!.Value, frames.Perturbed!.Value }, Is.EqualTo(new[] { all, perturbedAll }).Within(1e-9));
        Assert.That(result.SongsLeftOut, Is.Empty);
    }

    [Test]
    public void Songs_in_which_a_metric_is_not_defined_are_left_out_and_counted()
    {
        ClipRow[] songs = Rows();
        songs[0].Curve!.Clean.AsSpan().Fill([0.5, 0.5]);
        OverTimeResult result = new CurveMeasurements(new LabelSpace(["e0", "e1"]), new RatedMoments(0.5, Moments), null, songs).Summarise([
            Use("pearson"),
        ]);
        Assert.That(result.SongsLeftOut["pearson"], Is.EqualTo(new Dictionary<string, int> { ["e0"] = 1, ["e1"] = 1 }));
        Assert.That(result.PerSong["pearson"].PerLabel["e0"].Clean, Is.Not.Null);
    }

    [Test]
    public void The_largest_harm_is_found_with_its_moment()
    {
        OverTimeResult result = Measure(null, Use("mae"));
        (int Song, int Moment, double Harm) expected = Enumerable
            .Range(0, Songs)
            .SelectMany(s => Enumerable.Range(0, Moments).Select(k => (s, k, Rows()[s].Curve!.MeasureHarm(k))))
            .MaxBy(h => h.Item3);
        Assert.That(result.Largest, Is.EqualTo(new MomentOfHarm($"{expected.Song}", expected.Moment * 0.5, expected.Harm)));
        Assert.That(result.Example!.Clip, Is.EqualTo($"{expected.Song}"));
        Assert.That(result.Harm, Has.Count.EqualTo(Moments).And.All.Not.Null);
    }

    [Test]
    public void How_far_a_change_reaches_is_counted_from_the_window()
    {
        // Predictions move at 1 s by 1, at 1.5 s by .2, at 2 s by .05.
        double[] moves = [0, 0, 1, 0.2, 0.05];
        double[][] clean = [.. moves.Select(_ => new[] { 0.5 })],
            perturbed = [.. moves.Select(m => new[] { 0.5 + m })];
        ClipRow row = new("a", [0.5], [0.5], [0.75]) { Curve = new ClipCurve(clean, clean, perturbed, null) };
        OverTimeResult result = new CurveMeasurements(
            new LabelSpace(["e0"]),
            new RatedMoments(0.5, Moments),
            new TimeWindow(0.75, 1.25),
            [row]
        ).Summarise([Use("mae")]);
        Assert.That(result.Change, Is.EqualTo(moves).Within(1e-12));
        Assert.That(result.Reach!.Share, Is.EqualTo(0.25 / 1.25).Within(1e-12));
        Assert.That(result.Reach.Seconds, Is.EqualTo(0.25).Within(1e-12), "at 1.5 s there is a fifth left, at 2 s a twentieth");
    }

    private static OverTimeResult Measure(TimeWindow? window, params PluginUse[] metrics) =>
        new CurveMeasurements(new LabelSpace(["e0", "e1"]), new RatedMoments(0.5, Moments), window, Rows()).Summarise(metrics);

    private static ClipRow[] Rows()
    {
        return
        [
            .. Enumerable
                .Range(0, Songs)
                .Select(s => new ClipRow($"{s}", [0, 0], [0, 0], [0, 0])
                {
                    Curve = new ClipCurve(Curve(s, Rated), Curve(s, Clean), Curve(s, Perturbed), null),
                }),
        ];

        static double[][] Curve(int song, Func<int, int, int, double> value) =>
            [.. Enumerable.Range(0, Moments).Select(k => new[] { value(song, k, 0), value(song, k, 1) })];
        static double Rated(int s, int k, int e) => (s, k, e) == (1, 4, 0) ? double.NaN : 0.5 + (0.3 * Math.Sin(Place(s, k, e)));
        static double Clean(int s, int k, int e) => 0.45 + (0.25 * Math.Sin(Place(s, k, e) + 0.3));
        static double Perturbed(int s, int k, int e) => 0.5 + (0.2 * Math.Sin((0.5 * s) + (1.1 * k) + (1.3 * e) + 0.9));
        static double Place(int s, int k, int e) => (0.7 * s) + (0.9 * k) + (1.3 * e);
    }

    private static PluginUse Use(string metric)
    {
        Type type = typeof(MeanAbsoluteError)
            .Assembly.GetExportedTypes()
            .First(t => t.GetCustomAttributes(typeof(MetricAttribute), false) is [MetricAttribute m] && m.Id == metric);
        return new PluginUse(
            Evidence.Plugin(PluginKind.Metric, metric) with
            {
                Type = type,
            },
            null,
            "{}",
            new SourceLocation("/b.yaml", 1, 1)
        );
    }
}
