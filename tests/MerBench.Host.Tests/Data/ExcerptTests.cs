using MerBench.Host.Data;

namespace MerBench.Tests.Data;

public sealed class ExcerptTests
{
    private static readonly float[] s_recording = [.. Enumerable.Range(0, 100).Select(i => (float)i)];

    [TestCase(ExcerptPlacement.Start, 0)]
    [TestCase(ExcerptPlacement.Middle, 45)]
    public void An_excerpt_lies_where_it_should(ExcerptPlacement placement, int start) =>
        Assert.That(Excerpt.Cut(s_recording, 10, placement, "a"), Is.EqualTo(s_recording[start..(start + 10)]));

    [Test]
    public void A_random_place_is_drawn_once_for_each_clip()
    {
        float[] starts = [.. Enumerable.Range(0, 50).Select(i => Excerpt.Cut(s_recording, 90, ExcerptPlacement.Random, $"clip {i}")[0])];
        Assert.That(starts, Is.All.InRange(0, 10));
        Assert.That(starts.Distinct().Count(), Is.GreaterThan(5));
        Assert.That(Excerpt.Cut(s_recording, 90, ExcerptPlacement.Random, "clip 7")[0], Is.EqualTo(starts[7]));
    }

    [Test]
    public void A_shorter_recording_is_repeated_from_its_start() =>
        Assert.That(Excerpt.Cut([1, 2, 3], 8, ExcerptPlacement.Middle, "a"), Is.EqualTo(new float[] { 1, 2, 3, 1, 2, 3, 1, 2 }));
}
