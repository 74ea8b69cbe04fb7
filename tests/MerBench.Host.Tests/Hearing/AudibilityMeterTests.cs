using MerBench.Host.Hearing;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Tests.Hearing;

public sealed class AudibilityMeterTests
{
    private const int Rate = 22_050;

    private static readonly AudibilityMeter Meter = new(Rate);

    private static Tensor Tone(double hertz, double level, int samples = Rate) =>
        (arange(0, samples, ScalarType.Float32) * (2 * Math.PI * hertz / Rate)).sin().unsqueeze(0) * level;

    private static Audibility Measure(Tensor clean, Tensor perturbed) => Meter.Measure(clean, perturbed).Single();

    [Test]
    public void A_clip_that_was_not_changed_sounds_the_same()
    {
        using var scope = NewDisposeScope();
        Audibility same = Measure(Tone(440, 0.3), Tone(440, 0.3));
        Assert.That(same, Is.EqualTo(new Audibility(same.LoudnessLufs, 0, double.NegativeInfinity, 0, 0, double.NegativeInfinity)));
        Assert.That(same.LoudnessLufs, Is.EqualTo((20 * Math.Log10(0.3)) - 3.01).Within(0.7), "K-weighting is about flat there");
    }

    [Test]
    public void Louder_by_6_dB_is_6_LU_and_the_difference_is_as_loud_as_the_clip()
    {
        using var scope = NewDisposeScope();
        Tensor clean = Tone(997, 0.2);
        Audibility louder = Measure(clean, clean * 2);
        Assert.That(louder.LoudnessChangeLu, Is.EqualTo(6.02).Within(0.01));
        Assert.That(louder.DifferenceLu, Is.Zero.Within(0.1), "gates and the filter's first instants aside");
        Assert.That(louder.MaskingExcessDb, Is.Positive);
    }

    [Test]
    public void Ten_times_the_perturbation_lies_20_dB_higher()
    {
        using var scope = NewDisposeScope();
        manual_seed(61);
        Tensor clean = Tone(440, 0.3) + (randn(1, Rate) * 0.02),
            noise = randn(1, Rate) * 5e-3;
        Audibility quiet = Measure(clean, clean + noise),
            loud = Measure(clean, clean + (noise * 10));
        Assert.That(loud.MaskingExcessDb - quiet.MaskingExcessDb, Is.EqualTo(20).Within(0.05));
        Assert.That(loud.DifferenceLu - quiet.DifferenceLu, Is.EqualTo(20).Within(0.01));
        Assert.That(loud.AudibleShare > quiet.AudibleShare);
    }

    // Where the tone masks, and where only quiet does.
    [Test]
    public void The_same_tone_is_heard_beside_silence_and_not_beside_a_masker()
    {
        using var scope = NewDisposeScope();
        Tensor masker = Tone(1000, 0.5),
            probe = Tone(1040, 2e-3);
        Audibility masked = Measure(masker, masker + probe),
            alone = Measure(Tone(1000, 1e-4), Tone(1000, 1e-4) + probe);
        Assert.That(masked.MaskingExcessDb, Is.Negative);
        Assert.That(masked.AudibleShare, Is.Zero);
        Assert.That(alone.MaskingExcessDb, Is.GreaterThan(20));
        Assert.That(alone.AudibleExcessDb, Is.Positive);
    }

    [Test]
    public void Silence_has_no_loudness_and_hides_nothing_that_the_ear_hears()
    {
        using var scope = NewDisposeScope();
        Audibility found = Measure(zeros(1, Rate), Tone(1000, 0.1));
        Assert.That(found, Has.Property(nameof(Audibility.LoudnessLufs)).Null.And.Property(nameof(Audibility.DifferenceLu)).Null);
        // A tone of 96 - 20 dB SPL over a threshold in quiet of 3.4.
        Assert.That(found.MaskingExcessDb, Is.EqualTo(96 - 20 - 3.4).Within(1.5));
    }

    [Test]
    public void Clips_are_measured_alike_in_any_batch()
    {
        using var scope = NewDisposeScope();
        manual_seed(62);
        Tensor clean = randn(3, Rate) * 0.1,
            perturbed = clean + (randn(3, Rate) * 1e-3);
        Assert.That(Meter.Measure(clean, perturbed)[2], Is.EqualTo(Measure(clean[2..], perturbed[2..])));
    }

    [Test]
    public void A_clip_shorter_than_half_a_frame_has_loudness_alone()
    {
        using var scope = NewDisposeScope();
        Audibility brief = Measure(Tone(440, 0.3, 1024), Tone(440, 0.3, 1024) * 1.1);
        Assert.That(brief.LoudnessChangeLu, Is.EqualTo(0.83).Within(0.01));
        Assert.That(brief, Has.Property(nameof(Audibility.AudibleShare)).Null.And.Property(nameof(Audibility.MaskingExcessDb)).Null);
        Assert.That(Measure(Tone(440, 0.3, 1025), Tone(440, 0.3, 1025) * 1.1).AudibleShare, Is.Not.Null);
    }

    [Test]
    public void A_summary_has_medians_of_what_is_known_and_the_largest_excess()
    {
        var summary = AudibilitySummary.Summarise([
            new(-20, 0.5, -30, 0.1, 2, 5),
            new(-20, 0.3, -40, 0.3, 4, 9),
            new(null, null, null, 0.2, 3, double.NegativeInfinity),
        ]);
        Assert.That(summary, Is.EqualTo(new AudibilitySummary(0.4, -35, 0.2, 3, 5, 9)));
        Audibility same = new(-20, 0, double.NegativeInfinity, 0, 0, double.NegativeInfinity);
        Assert.That(AudibilitySummary.Summarise([same, same]), Is.EqualTo(new AudibilitySummary(0, null, 0, 0, null, null)));
    }
}
