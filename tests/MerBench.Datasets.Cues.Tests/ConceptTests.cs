using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues.Tests;

public sealed class ConceptTests
{
    private static readonly double[] s_steps = [0, 0.2, 0.4, 0.6, 0.8, 1];

    [Test]
    public void Concepts_stay_within_0_and_1_and_use_the_range()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 1000)).Load(default);
        for (int c = 0; c < ConceptModel.Names.Length; c++)
        {
            float[] values = [.. content.Clips.Select(clip => clip.Concepts![c])];
            Assert.That(values, Is.All.InRange(0f, 1f), ConceptModel.Names[c]);
            Assert.That(values.Max() - values.Min(), Is.GreaterThan(0.5f), ConceptModel.Names[c]);
        }
    }

    [Test]
    public void Each_concept_follows_its_parameter()
    {
        Cue cue = Sound.PlainCue;
        Texture texture = Sound.PlainTexture;
        Assert.Multiple(() =>
        {
            Assert.That(s_steps.Select(x => ConceptModel.Melodiousness(cue, texture with { Chromaticism = x })), Is.Ordered.Descending);
            Assert.That(
                s_steps.Select(x => ConceptModel.Articulation(cue with { Articulation = 0.25 + (0.75 * x) })),
                Is.Ordered.Descending
            );
            Assert.That(s_steps.Select(x => ConceptModel.RhythmicComplexity(cue, texture with { Syncopation = x })), Is.Ordered.Ascending);
            Assert.That(s_steps.Select(x => ConceptModel.RhythmicStability(cue, texture with { Unsteadiness = x })), Is.Ordered.Descending);
            Assert.That(s_steps.Select(x => ConceptModel.TonalStability(cue, texture with { Chromaticism = x })), Is.Ordered.Descending);
            Assert.That(ConceptModel.Minorness(cue with { Minor = true }), Is.GreaterThan(ConceptModel.Minorness(cue) + 0.5));
            Assert.That(ConceptModel.Articulation(cue with { Articulation = 0.25 }), Is.EqualTo(1));
            Assert.That(ConceptModel.Articulation(cue with { Articulation = 1 }), Is.Zero);
        });
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Louder_clashing_tones_are_more_dissonant(int melody)
    {
        Cue cue = Sound.PlainCue with { Melody = (MelodyCharacter)melody };
        double[] dissonance =
        [
            .. s_steps.Select(x =>
                ConceptModel.Dissonance(cue, Harmony.Plan(cue, Sound.PlainTexture with { Clash = x }, RandomStream.For("h")))
            ),
        ];
        Assert.That(dissonance, Is.Ordered.Ascending);
    }

    [Test]
    public void Roughness_peaks_near_a_semitone_and_vanishes_for_wide_intervals()
    {
        double At(double semitones) => Roughness.Compute([new Partial(440, 1), new Partial(440 * Math.Pow(2, semitones / 12), 1)]);
        Assert.Multiple(() =>
        {
            Assert.That(At(0), Is.EqualTo(0).Within(1e-12));
            Assert.That(At(1), Is.GreaterThan(At(0.25)));
            Assert.That(At(1), Is.GreaterThan(3 * At(4)));
            Assert.That(At(12), Is.LessThan(0.01 * At(1)));
            double s = 0.24 / ((0.0207 * 440) + 18.96),
                difference = 440 * (Math.Pow(2, 1 / 12.0) - 1);
            Assert.That(At(1), Is.EqualTo(0.5 * (Math.Exp(-3.5 * s * difference) - Math.Exp(-5.75 * s * difference))).Within(1e-9));
        });
    }
}
