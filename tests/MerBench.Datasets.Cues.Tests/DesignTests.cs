using MathNet.Numerics.Statistics;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;

namespace MerBench.Datasets.Cues.Tests;

public sealed class DesignTests
{
    private static readonly CueDesign s_design = new(1);

    [Test]
    public void Every_block_of_24_clips_holds_every_combination_once()
    {
        for (int block = 0; block < 5; block++)
        {
            Cue[] cues = [.. Enumerable.Range(block * 24, 24).Select(s_design.CueOf)];
            Assert.That(cues.Select(c => (c.Melody, c.Minor, c.Timbre)), Is.Unique);
        }
    }

    [Test]
    public void Factors_fill_their_ranges_and_do_not_correlate()
    {
        Cue[] cues = [.. Enumerable.Range(0, 960).Select(s_design.CueOf)];
        double[][] factors =
        [
            [.. cues.Select(c => (double)c.Register)],
            [.. cues.Select(c => c.Tempo)],
            [.. cues.Select(c => c.Dynamics)],
            [.. cues.Select(c => c.Articulation)],
            [.. cues.Select(c => c.Minor ? 1.0 : 0)],
            [.. cues.Select(c => c.Melody == MelodyCharacter.Scary ? 1.0 : 0)],
        ];
        (double Low, double High)[] ranges = [(53, 83), (1.2, 6), (-10, 10), (0.25, 1)];
        for (int f = 0; f < ranges.Length; f++)
        {
            Assert.That(factors[f].Min(), Is.InRange(ranges[f].Low, ranges[f].Low + (0.05 * (ranges[f].High - ranges[f].Low))));
            Assert.That(factors[f].Max(), Is.InRange(ranges[f].High - (0.05 * (ranges[f].High - ranges[f].Low)), ranges[f].High));
        }

        for (int a = 0; a < factors.Length; a++)
        for (int b = a + 1; b < factors.Length; b++)
            Assert.That(Math.Abs(Correlation.Pearson(factors[a], factors[b])), Is.LessThan(0.13));
    }

    [Test]
    public void Splits_have_their_shares_and_hold_each_melody_and_mode_alike()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 240)).Load(default);
        Assert.That(content.Clips.Count(c => c.Split == Split.Test), Is.EqualTo(48));
        Assert.That(content.Clips.Count(c => c.Split == Split.Validation), Is.EqualTo(24));
        foreach ((Split split, int share) in new[] { (Split.Test, 48), (Split.Validation, 24), (Split.Train, 168) })
        {
            Cue[] cues = [.. content.Clips.Select((c, i) => (c.Split, i)).Where(x => x.Split == split).Select(x => s_design.CueOf(x.i))];
            foreach (var group in cues.GroupBy(c => (c.Melody, c.Minor)))
                Assert.That(group.Count(), Is.EqualTo(share / 8).Within(1), $"{split} {group.Key}");
        }
    }

    [Test]
    public void Even_a_handful_of_clips_has_all_three_splits()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 3)).Load(default);
        Assert.That(content.Clips.Select(c => c.Split), Is.EquivalentTo(Enum.GetValues<Split>()));
    }

    [TestCase(240, 0.5, 0.5)]
    [TestCase(3, 0.5, 0.45)]
    public void Shares_that_leave_nothing_to_train_on_are_refused(int clips, double validation, double test)
    {
        var dataset = new CuesDataset(new CuesOptions(Clips: clips, ValidationShare: validation, TestShare: test));
        Assert.That(() => dataset.Load(default), Throws.TypeOf<PluginUserException>());
    }

    [Test]
    public void Melodies_lie_around_their_register()
    {
        for (int i = 0; i < 48; i++)
        {
            var clip = new CueClip(s_design, i);
            double mean = clip.Compose(20).Notes.Where(n => n.Part == Part.Melody).Average(n => n.Pitch);
            Assert.That(mean, Is.EqualTo(clip.Cue.Register).Within(4), $"clip {i}, {clip.Cue.Melody}");
        }
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    public void Melodies_have_as_many_notes_a_second_as_the_tempo_says(double unsteadiness)
    {
        foreach (MelodyCharacter melody in Enum.GetValues<MelodyCharacter>())
        {
            Score score = Sound.Compose(
                Sound.PlainCue with
                {
                    Tempo = 4,
                    Melody = melody,
                },
                Sound.PlainTexture with
                {
                    Syncopation = 0.8,
                    Unsteadiness = unsteadiness,
                },
                16
            );
            Assert.That(score.Notes.Count(n => n.Part == Part.Melody), Is.EqualTo(64));
        }
    }

    [Test]
    public void Characters_move_as_their_names_say()
    {
        double[] Intervals(MelodyCharacter melody)
        {
            Score score = Sound.Compose(Sound.PlainCue with { Melody = melody }, Sound.PlainTexture, 40);
            double[] pitches = [.. score.Notes.Where(n => n.Part == Part.Melody).OrderBy(n => n.Start).Select(n => n.Pitch)];
            return [.. pitches.Skip(1).Zip(pitches, (b, a) => b - a)];
        }

        double Rising(double[] intervals) => intervals.Count(i => i > 0) / (double)intervals.Length;
        double Size(double[] intervals) => intervals.Average(Math.Abs);
        Assert.Multiple(() =>
        {
            Assert.That(Rising(Intervals(MelodyCharacter.Happy)), Is.GreaterThan(0.5));
            Assert.That(Rising(Intervals(MelodyCharacter.Sad)), Is.LessThan(0.35));
            Assert.That(Size(Intervals(MelodyCharacter.Peaceful)), Is.LessThan(2.5));
            Assert.That(Size(Intervals(MelodyCharacter.Scary)), Is.GreaterThan(4));
        });
    }

    [Test]
    public void In_key_melodies_play_the_third_of_their_mode()
    {
        foreach (bool minor in new[] { false, true })
        {
            Score score = Sound.Compose(Sound.PlainCue with { Minor = minor }, Sound.PlainTexture, 30);
            int[] classes = [.. score.Notes.Select(n => (int)n.Pitch % 12).Distinct()];
            Assert.That(classes, Does.Contain(minor ? 3 : 4));
            Assert.That(classes, Does.Not.Contain(minor ? 4 : 3));
        }
    }
}
