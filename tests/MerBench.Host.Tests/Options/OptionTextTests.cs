using MerBench.Host.Options;
using MerBench.Host.Text;

namespace MerBench.Host.Tests.Options;

/// <summary>Names and durations as people write them.</summary>
public sealed class OptionTextTests
{
    [TestCase("stpes", "steps")]
    [TestCase("stepSize", "step-size")]
    [TestCase("step_size", "step-size")]
    [TestCase("STEPS", "steps")]
    [TestCase("restart", "restarts")]
    [TestCase("x", null)]
    [TestCase("momentum", null)]
    public void The_nearest_name_is_what_was_meant_or_nothing(string written, string? expected) =>
        Assert.That(NearestName.Find(written, ["steps", "step-size", "restarts"]), Is.EqualTo(expected));

    [TestCase("90s", 90)]
    [TestCase("1h30m", 5400)]
    [TestCase("1d1ms", 86400.001)]
    [TestCase("2h", 7200)]
    [TestCase("", null)]
    [TestCase("5", null)]
    [TestCase("30m1h", null)]
    [TestCase("1h\n", null)]
    public void Durations_are_read_and_written(string text, double? seconds)
    {
        Assert.That(Duration.Parse(text)?.TotalSeconds, Is.EqualTo(seconds));
        if (Duration.Parse(text) is { } duration)
            Assert.That(Duration.Parse(Duration.Format(duration)), Is.EqualTo(duration));
    }
}
