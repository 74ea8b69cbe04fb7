using MerBench.Host.Plugins;

namespace MerBench.Tests.Plugins;

public sealed class MetricDescriptionTests
{
    [Test]
    public void A_metric_says_what_reports_call_it_and_what_it_measures()
    {
        MetricDescription metric = Read(typeof(Talkative)).Metric!;
        Assert.That((metric.Name, metric.Symbol, metric.IsHeadline), Is.EqualTo(("the largest error", "max |e|", true)));
        Assert.That(metric.Objectives, Is.EqualTo(new[] { "mse", "+valence" }));
    }

    [Test]
    public void The_id_stands_for_what_a_metric_does_not_say()
    {
        PluginDescriptor plugin = Read(typeof(Silent));
        Assert.That(plugin.State, Is.EqualTo(PluginState.Ready), plugin.Reason);
        Assert.That(plugin.Metric, Is.EqualTo(MetricDescription.FromId("largest-error")));
        Assert.That((plugin.Metric!.Name, plugin.Metric.Symbol), Is.EqualTo(("largest-error", "LARGEST-ERROR")));
        Assert.That((plugin.Metric.IsHeadline, plugin.Metric.Objectives), Is.EqualTo((false, Array.Empty<string>())));
    }

    [Test]
    public void An_objective_that_does_not_exist_is_named_with_those_that_do()
    {
        PluginDescriptor plugin = Read(typeof(Misspelt));
        Assert.That(plugin.State, Is.EqualTo(PluginState.NotAPlugin));
        Assert.That(plugin.Reason, Does.Contain("'msee'; expected mse, mae, pearson"));
    }

    [Test]
    public void Other_plugins_have_no_description_of_a_metric() =>
        Assert.That(FixturePlugins.Discover("Fixture.Good").Find(PluginKind.Attack, "fixture-sign")!.Metric, Is.Null);

    [Test]
    public void A_run_finds_its_metrics_and_calls_others_by_their_ids()
    {
        var metrics = new MetricDescriptions([Read(typeof(Talkative))]);
        Assert.That((metrics["talkative"].Symbol, metrics["other"].Symbol), Is.EqualTo(("max |e|", "OTHER")));
    }

    private static PluginDescriptor Read(Type type) => PluginClass.Read(type, "").Single();

    [Metric("talkative", Name = "the largest error", Symbol = "max |e|", IsHeadline = true, Objectives = ["mse", "+valence"])]
    public sealed class Talkative : LargestError;

    [Metric("largest-error")]
    public sealed class Silent : LargestError;

    [Metric("misspelt", Objectives = ["mae", "msee"])]
    public sealed class Misspelt : LargestError;

    public abstract class LargestError : IMetric
    {
        public bool HigherIsBetter => false;

        public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
        {
            double largest = double.NaN;
            for (int i = 0; i < actual.Length; i++)
                largest = double.MaxNumber(largest, Math.Abs(actual[i] - predicted[i]));
            return largest;
        }
    }
}
