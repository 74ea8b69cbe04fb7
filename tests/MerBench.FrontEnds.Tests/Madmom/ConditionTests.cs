using MerBench.FrontEnds.Madmom;

namespace MerBench.Tests;

public sealed class ConditionTests
{
    private readonly MadmomLog _frontEnd = new(new MadmomLogOptions());

    [OneTimeTearDown]
    public void DisposeFrontEnd() => _frontEnd.Dispose();

    [Test]
    public void The_loudest_sample_becomes_full_scale_and_the_rest_is_truncated_toward_zero() =>
        Assert.That(_frontEnd.Condition([3, -2, 1]).Select(x => Math.Round(x * 32767)), Is.EqualTo(new[] { 32767, -21844, 10922 }));

    [Test]
    public void Zeros_at_both_ends_are_dropped_and_those_inside_are_kept() =>
        Assert.That(_frontEnd.Condition([0, 0, 7, 0, -7, 0]), Is.EqualTo(new[] { 1f, 0f, -1f }));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1000)]
    public void Silence_of_any_length_gives_one_zero_sample(int length) =>
        Assert.That(_frontEnd.Condition(new short[length]), Is.EqualTo(new[] { 0f }));

    [Test]
    public void The_most_negative_sample_counts_as_loudest_and_stays_within_the_box() =>
        Assert.That(_frontEnd.Condition([short.MinValue, 16384]), Is.EqualTo(new[] { -1f, 16383 / 32767f }).Within(1e-7f));
}
