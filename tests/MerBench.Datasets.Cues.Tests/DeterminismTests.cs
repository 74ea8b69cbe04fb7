using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MerBench.Datasets.Cues.Tests;

public sealed class DeterminismTests
{
    // Pinned: if audio changes on purpose, raise CuesDataset.GeneratorVersion and pin anew.
    [TestCase(22050, "887ff4e2e523d2ee")]
    [TestCase(44100, "c93f824d0bf95d65")]
    public void A_clip_is_the_same_to_the_bit_everywhere(int sampleRate, string expected)
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 8, Seconds: 5)).Load(default);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Clip clip in content.Clips)
            hash.AppendData(MemoryMarshal.AsBytes(Render(clip, sampleRate).AsSpan()));
        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset())[..16], Is.EqualTo(expected));
    }

    [Test]
    public void Ratings_are_the_same_to_the_bit_everywhere()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 100)).Load(default);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Clip clip in content.Clips)
        {
            hash.AppendData(MemoryMarshal.AsBytes(clip.Emotion.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(clip.Concepts.AsSpan()));
        }

        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset())[..16], Is.EqualTo("af227ffee60d93ad"));
    }

    [Test]
    public void The_fingerprint_of_the_default_options_is_what_it_was_before_there_were_styles_and_changes() =>
        Assert.That(
            new CuesDataset(new CuesOptions()).Load(default).Fingerprint,
            Is.EqualTo(
                "cues generator 1; clips 240; seconds 10; seed 1; keys 1; validation-share 0.1; test-share 0.2; raters 6; rater-noise 1.42"
            )
        );

    // Pinned as the others are.
    [TestCase(Design.CueStyle.Band, "6b2172af54cfd4f5")]
    [TestCase(Design.CueStyle.Chamber, "c5f623386873aa7c")]
    public void Clips_that_change_are_the_same_to_the_bit_everywhere(Design.CueStyle style, string expected)
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 6, Seconds: 6, OverTime: true, Style: style)).Load(default);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Clip clip in content.Clips)
        {
            hash.AppendData(MemoryMarshal.AsBytes(Render(clip, 22050).AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(clip.Concepts.AsSpan()));
            foreach (float[] frame in clip.EmotionCurve!.Ratings.Concat(clip.EmotionCurve.Sd!))
                hash.AppendData(MemoryMarshal.AsBytes(frame.AsSpan()));
        }

        Assert.That(Convert.ToHexStringLower(hash.GetHashAndReset())[..16], Is.EqualTo(expected));
    }

    [Test]
    public void A_clip_does_not_depend_on_how_many_there_are()
    {
        DatasetContent few = new CuesDataset(new CuesOptions(Clips: 5, Seconds: 2)).Load(default),
            many = new CuesDataset(new CuesOptions(Clips: 77, Seconds: 2)).Load(default);
        for (int i = 0; i < few.Clips.Count; i++)
        {
            Assert.That(many.Clips[i].Id, Is.EqualTo(few.Clips[i].Id));
            Assert.That(many.Clips[i].Emotion, Is.EqualTo(few.Clips[i].Emotion));
            Assert.That(many.Clips[i].Concepts, Is.EqualTo(few.Clips[i].Concepts));
            Assert.That(Render(many.Clips[i], 8000), Is.EqualTo(Render(few.Clips[i], 8000)));
        }
    }

    [Test]
    public void A_longer_clip_begins_with_the_same_music()
    {
        var design = new Design.CueDesign(3);
        var clip = new CueClip(design, 4);
        Assert.That(
            clip.Compose(12).Notes.Where(n => n.Start < 5).OrderBy(n => n.Start).ThenBy(n => n.Pitch),
            Is.EqualTo(clip.Compose(5).Notes.OrderBy(n => n.Start).ThenBy(n => n.Pitch))
        );
    }

    [Test]
    public void Distinct_clips_and_seeds_sound_different()
    {
        DatasetContent one = new CuesDataset(new CuesOptions(Clips: 30, Seconds: 2)).Load(default),
            two = new CuesDataset(new CuesOptions(Clips: 30, Seconds: 2, Seed: 2)).Load(default);
        string[] sounds =
        [
            .. one
                .Clips.Concat(two.Clips)
                .Select(c => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(Render(c, 8000).AsSpan())))),
        ];
        Assert.That(sounds, Is.Unique);
    }

    [Test]
    public void Clips_render_alike_on_many_threads()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 4, Seconds: 1)).Load(default);
        short[][] alone = [.. content.Clips.Select(c => Render(c, 8000))];
        Parallel.For(0, 16, i => Assert.That(Render(content.Clips[i % 4], 8000), Is.EqualTo(alone[i % 4])));
    }

    [TestCase(1.0)]
    [TestCase(7.3)]
    public void Any_length_and_sample_rate_will_do(double seconds)
    {
        Clip clip = new CuesDataset(new CuesOptions(Clips: 3, Seconds: seconds)).Load(default).Clips[0];
        foreach (int rate in new[] { 8000, 16000, 22050, 48000 })
            Assert.That(Render(clip, rate), Has.Length.EqualTo((int)Math.Round(seconds * rate)));
    }

    [Test]
    public void Every_option_that_changes_the_data_changes_the_fingerprint()
    {
        CuesOptions[] variants =
        [
            new(),
            new(Clips: 241),
            new(Seconds: 9),
            new(Seed: 2),
            new(Keys: 2),
            new(ValidationShare: 0.2),
            new(TestShare: 0.3),
            new(Raters: 7),
            new(RaterNoise: 1),
            new(Style: Design.CueStyle.Chamber),
            new(OverTime: true),
            new(OverTime: true, Style: Design.CueStyle.Chamber),
            new(OverTime: true, Hop: 0.25),
            new(OverTime: true, Sections: 3),
            new(OverTime: true, Reaction: 1),
        ];
        Assert.That(variants.Select(o => new CuesDataset(o).Load(default).Fingerprint), Is.Unique);
    }

    private static short[] Render(Clip clip, int sampleRate) => ((AudioSource.Rendered)clip.Audio).Render(sampleRate);
}
