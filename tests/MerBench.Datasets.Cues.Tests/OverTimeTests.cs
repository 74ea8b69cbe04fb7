using System.ComponentModel.DataAnnotations;
using MathNet.Numerics.Statistics;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Ratings;

namespace MerBench.Datasets.Cues.Tests;

/// <summary>Clips that change at known moments, and their ratings over time.</summary>
public sealed class OverTimeTests
{
    private static readonly CueDesign s_design = new(1);
    private static readonly SectionOptions s_two = new(Seconds: 10, Hop: 0.5, Sections: 2);

    [TestCase(2)]
    [TestCase(4)]
    public void Sections_follow_on_another_and_differ_in_one_factor_by_half_its_range(int sections)
    {
        var options = new SectionOptions(20, 0.5, sections);
        for (int i = 0; i < 96; i++)
        {
            IReadOnlyList<Section> plan = new ChangingClip(s_design, i, options).Sections;
            Assert.That(plan[0], Is.EqualTo(new Section(0, plan[1].Start, s_design.CueOf(i), null)));
            Assert.That(plan, Has.Count.EqualTo(sections));
            Assert.That(plan[^1].Start + plan[^1].Length, Is.EqualTo(20));
            for (int s = 1; s < plan.Count; s++)
            {
                (Cue before, Cue after) = (plan[s - 1].Cue, plan[s].Cue);
                Assert.That(plan[s].Start, Is.EqualTo(plan[s - 1].Start + plan[s - 1].Length));
                Assert.That(plan[s].Start % 0.5, Is.Zero);
                Cue back = plan[s].Change switch
                {
                    Change.Mode => after with { Minor = before.Minor },
                    Change.Tempo => after with { Tempo = before.Tempo },
                    _ => after with { Dynamics = before.Dynamics },
                };
                Assert.That(back, Is.EqualTo(before));
                Assert.That(after.Minor != before.Minor, Is.EqualTo(plan[s].Change == Change.Mode));
                double tempo = Math.Abs(after.RelativeTempo - before.RelativeTempo),
                    dynamics = Math.Abs(after.Dynamics - before.Dynamics);
                Assert.That(tempo, Is.EqualTo(plan[s].Change == Change.Tempo ? 0.5 : 0).Within(1e-9));
                Assert.That(dynamics, Is.EqualTo(plan[s].Change == Change.Dynamics ? 10 : 0).Within(1e-9));
                Assert.That(after.Tempo, Is.InRange(Cue.SlowestTempo, Cue.FastestTempo));
                Assert.That(after.Dynamics, Is.InRange(Cue.SoftestDynamics, Cue.LoudestDynamics));
            }
        }
    }

    [Test]
    public void Every_block_of_24_clips_has_each_change_eight_times_at_moments_away_from_the_ends()
    {
        Section[] changed = [.. Enumerable.Range(0, 240).Select(i => new ChangingClip(s_design, i, s_two).Sections[1])];
        foreach (Section[] block in changed.Chunk(24))
            Assert.That(block.GroupBy(s => s.Change).Select(g => g.Count()), Is.EqualTo(new[] { 8, 8, 8 }));
        Assert.That(changed.Select(s => s.Start).Distinct().Order(), Is.EqualTo(new[] { 3.5, 4, 4.5, 5, 5.5, 6, 6.5 }));
    }

    [Test]
    public void A_clip_has_a_moment_every_hop_while_it_sounds_and_the_mean_of_them()
    {
        foreach (Clip clip in Load(new CuesOptions(Clips: 24, OverTime: true)).Clips)
        {
            RatedCurve curve = clip.EmotionCurve!;
            Assert.That((curve.StartSeconds, curve.HopSeconds, curve.EndSeconds), Is.EqualTo((0, 0.5, 9.5)), "an excerpt of 10 s");
            Assert.That(curve.Ratings.Select(f => f.Length), Is.All.EqualTo(8));
            Assert.That(curve.Ratings.SelectMany(f => f), Is.All.InRange(0, 1));
            Assert.That(curve.Sd!.SelectMany(f => f), Is.All.InRange(0, 0.5));
            for (int e = 0; e < 8; e++)
                Assert.That(clip.Emotion[e], Is.EqualTo((float)curve.Ratings.Average(f => (double)f[e])));
        }
    }

    [TestCase(10, 0.1, 100)]
    [TestCase(6.3, 0.3, 21)]
    [TestCase(10.2, 0.5, 21)]
    public void No_moment_is_at_the_end_or_behind_it(double seconds, double hop, int moments)
    {
        RatedCurve curve = Load(new CuesOptions(Clips: 3, Seconds: seconds, OverTime: true, Hop: hop)).Clips[0].EmotionCurve!;
        Assert.That(curve.Ratings, Has.Count.EqualTo(moments));
        Assert.That(curve.EndSeconds, Is.LessThan(seconds));
        Assert.That(curve.Sd, Has.Count.EqualTo(moments));
    }

    [Test]
    public void Before_the_change_ratings_are_those_of_the_clip_that_does_not_change()
    {
        DatasetContent still = Load(new CuesOptions(Clips: 24)),
            changing = Load(new CuesOptions(Clips: 24, OverTime: true));
        Assert.That(changing.Emotions.Names, Is.EqualTo(still.Emotions.Names));
        for (int i = 0; i < 24; i++)
        {
            Assert.That(changing.Clips[i].EmotionCurve!.Ratings.Take(8), Is.All.EqualTo(still.Clips[i].Emotion));
            Assert.That(changing.Clips[i].Split, Is.EqualTo(still.Clips[i].Split));
            Assert.That(changing.Clips[i].Id, Is.EqualTo(still.Clips[i].Id));
        }
    }

    [Test]
    public void Listeners_come_nearer_to_the_new_section_by_1_over_e_a_reaction_and_at_once_without_one()
    {
        IReadOnlyList<Section> sections =
        [
            new Section(0, 4, Sound.PlainCue, null),
            new Section(4, 2, Sound.PlainCue with { Tempo = 6 }, Change.Tempo),
            new Section(6, 4, Sound.PlainCue with { Tempo = 6, Minor = true }, Change.Mode),
        ];
        double[] means = [.. sections.Select(s => EmotionModel.Mean(s.Cue)[5])];
        double Happy(double seconds, double reaction) => ListenerReaction.At(seconds, sections, reaction)[5];
        double atSix = means[1] + ((means[0] - means[1]) * Math.Exp(-2 / 1.5));
        Assert.Multiple(() =>
        {
            Assert.That(Happy(3.5, 1.5), Is.EqualTo(means[0]));
            Assert.That(Happy(4, 1.5), Is.EqualTo(means[0]).Within(1e-12));
            Assert.That(Happy(5.5, 1.5), Is.EqualTo(means[1] + ((means[0] - means[1]) / Math.E)).Within(1e-12));
            Assert.That(Happy(6, 1.5), Is.EqualTo(atSix).Within(1e-12));
            Assert.That(Happy(9, 1.5), Is.EqualTo(means[2] + ((atSix - means[2]) * Math.Exp(-2))).Within(1e-12));
            Assert.That(Happy(3.999, 0), Is.EqualTo(means[0]));
            Assert.That(Happy(4, 0), Is.EqualTo(means[1]));
            Assert.That(Happy(9, 0), Is.EqualTo(means[2]));
        });
    }

    [Test]
    public void Deviations_are_those_of_the_raters_whose_mean_is_rated()
    {
        double[] ratings = [.. Enumerable.Range(0, 4).Select(_ => 0.0)];
        RandomStream bells = RandomStream.For("raters");
        for (int r = 0; r < ratings.Length; r++)
            ratings[r] = 5 + (0.5 * DeterministicMath.NextBell(bells));
        (double[][] means, double[][]? sds) = new RaterPanel(4, 0.5).RateOverTime(
            [
                [5],
                [1],
            ],
            RandomStream.For("raters")
        );
        Assert.That(means[0][0], Is.EqualTo(ratings.Mean()).Within(1e-12));
        Assert.That(sds![0][0], Is.EqualTo(ratings.StandardDeviation()).Within(1e-12));
        double[] cut = [.. ratings.Select(r => Math.Max(r - 4, 1))];
        Assert.That(sds[1][0], Is.EqualTo(cut.StandardDeviation()).Within(1e-12), "raters keep within the scale");
        Assert.That(
            new RaterPanel(1, 0.5)
                .RateOverTime(
                    [
                        [5],
                    ],
                    RandomStream.For("raters")
                )
                .Sds,
            Is.Null
        );
        Assert.That(Load(new CuesOptions(Clips: 3, OverTime: true, Raters: 1)).Clips[0].EmotionCurve!.Sd, Is.Null);
    }

    [Test]
    public void Emotions_can_be_chosen_over_time_too()
    {
        Clip all = Load(new CuesOptions(Clips: 3, OverTime: true)).Clips[0],
            some = Load(new CuesOptions(Clips: 3, OverTime: true, Emotions: ["sad", "valence"])).Clips[0];
        Assert.That(some.EmotionCurve!.Ratings, Is.EqualTo(all.EmotionCurve!.Ratings.Select(f => new[] { f[6], f[0] })));
        Assert.That(some.EmotionCurve.Sd, Is.EqualTo(all.EmotionCurve.Sd!.Select(f => new[] { f[6], f[0] })));
    }

    [Test]
    public void What_changes_and_when_stands_in_the_origin()
    {
        ChangingClip clip = new(s_design, 2, s_two);
        Assert.That(
            Load(new CuesOptions(Clips: 3, OverTime: true)).Clips[2].Origin,
            Is.EqualTo(
                FormattableString.Invariant(
                    $"cues, seed 1, clip 3; {clip.Sections[1].Change!.ToString()!.ToLowerInvariant()} changes at {clip.Sections[1].Start} s"
                )
            )
        );
    }

    [Test]
    public void Concepts_are_the_sections_means_by_length()
    {
        ChangingClip clip = Changing(Change.Tempo).First();
        double[][] each = [.. clip.Sections.Select(s => ConceptModel.Rate(s.Cue, Texture(clip), []))];
        int stability = Array.IndexOf(ConceptModel.Names, "rhythmic stability");
        double mean = ((each[0][stability] * clip.Sections[0].Length) + (each[1][stability] * clip.Sections[1].Length)) / 10;
        Assert.That(clip.Concepts()[stability], Is.EqualTo(mean).Within(1e-12));
    }

    [Test]
    public void A_change_of_dynamics_is_heard_as_loudness()
    {
        foreach (ChangingClip clip in Changing(Change.Dynamics).Take(8))
        {
            (double[] before, double[] after) = Render(clip);
            double decibels = 20 * Math.Log10(Level(after) / Level(before));
            double written = clip.Sections[1].Cue.Dynamics - clip.Sections[0].Cue.Dynamics;
            Assert.That(decibels, Is.EqualTo(written).Within(3), "dB");
        }
    }

    [Test]
    public void A_change_of_tempo_is_heard_as_density_of_onsets()
    {
        foreach (ChangingClip clip in Changing(Change.Tempo).Take(12))
        {
            double[] rates =
            [
                .. clip.Compose().Select((score, s) => score.Notes.Count(n => n.Part == Part.Melody) / clip.Sections[s].Length),
            ];
            Assert.That(rates[1] > rates[0], Is.EqualTo(clip.Sections[1].Cue.Tempo > clip.Sections[0].Cue.Tempo));
        }

        // Short notes, that each is heard for itself.
        foreach (ChangingClip clip in Changing(Change.Tempo).Where(c => c.Sections[0].Cue.Articulation < 0.4).Take(4))
        {
            (double[] before, double[] after) = Render(clip, melodyAlone: true);
            double faster = Math.Max(
                clip.Sections[1].Cue.Tempo / clip.Sections[0].Cue.Tempo,
                clip.Sections[0].Cue.Tempo / clip.Sections[1].Cue.Tempo
            );
            double heardBefore = Sound.CountOnsets(before) / clip.Sections[0].Length,
                heardAfter = Sound.CountOnsets(after) / clip.Sections[1].Length;
            double heard = clip.Sections[1].Cue.Tempo > clip.Sections[0].Cue.Tempo ? heardAfter / heardBefore : heardBefore / heardAfter;
            Assert.That(faster, Is.EqualTo(Math.Sqrt(5)).Within(1e-9));
            Assert.That(heard, Is.GreaterThan(1.5));
        }
    }

    [Test]
    public void A_change_of_mode_is_heard_in_the_third_of_the_scale()
    {
        ChangingClip[] clips = [.. Changing(Change.Mode).Where(c => c.Sections[0].Cue.Melody != MelodyCharacter.Scary).Take(8)];
        foreach (ChangingClip clip in clips)
        {
            (double[] before, double[] after) = Render(clip);
            double[] minors = [MinorThird(before), MinorThird(after)];
            Assert.That(minors[1] > minors[0], Is.EqualTo(clip.Sections[1].Cue.Minor), $"{minors[0]:f2} {minors[1]:f2}");
        }
    }

    [Test]
    public void Changes_make_no_click_and_nothing_clips()
    {
        for (int i = 0; i < 24; i++)
        {
            var clip = new ChangingClip(s_design, i, s_two);
            double[] sound = [.. clip.Render(Sound.SampleRate).Select(s => s / 32768.0)];
            int change = (int)(clip.Sections[1].Start * Sound.SampleRate);
            double loudest = 0.9 * Math.Pow(10, (clip.Sections.Max(s => s.Cue.Dynamics) - 10) / 20);
            Assert.That(sound.Max(Math.Abs), Is.EqualTo(loudest).Within(0.001));
            Assert.That(
                Sound.LargestStep(sound.AsSpan(change - 100, 200)),
                Is.LessThanOrEqualTo(
                    1.05 * Math.Max(Sound.LargestStep(sound.AsSpan(0, change - 100)), Sound.LargestStep(sound.AsSpan(change + 100)))
                )
            );
        }
    }

    [TestCase(5, 2, "clips of 5 s are too short for 2 sections; each needs 3 s at least")]
    [TestCase(10, 4, "clips of 10 s are too short for 4 sections; each needs 3 s at least")]
    public void Clips_too_short_for_their_sections_are_refused(double seconds, int sections, string complaint)
    {
        var options = new CuesOptions(Seconds: seconds, Sections: sections, OverTime: true);
        Assert.That(options.Validate(new ValidationContext(options)).Single().ErrorMessage, Is.EqualTo(complaint));
        Assert.That((options with { OverTime = false }).Validate(new ValidationContext(options)), Is.Empty);
    }

    [Test]
    public void The_coarsest_hop_and_the_shortest_clips_leave_room_for_changes() =>
        Assert.That(
            Enumerable.Range(0, 48).Select(i => new ChangingClip(s_design, i, new SectionOptions(60, 1, 20)).Sections.Min(s => s.Length)),
            Is.All.GreaterThanOrEqualTo(1)
        );

    private static DatasetContent Load(CuesOptions options) => new CuesDataset(options).Load(default);

    private static IEnumerable<ChangingClip> Changing(Change change) =>
        Enumerable.Range(0, 96).Select(i => new ChangingClip(s_design, i, s_two)).Where(c => c.Sections[1].Change == change);

    private static Texture Texture(ChangingClip clip) =>
        Enumerable
            .Range(0, 96)
            .Where(i => s_design.CueOf(i) == clip.Sections[0].Cue)
            .Select(i => s_design.TextureOf(i, clip.Sections[0].Cue.Melody))
            .Single();

    private static (double[] Before, double[] After) Render(ChangingClip clip, bool melodyAlone = false)
    {
        IReadOnlyList<Score> scores = clip.Compose();
        if (melodyAlone)
            scores = [.. scores.Select(s => s with { Notes = [.. s.Notes.Where(n => n.Part == Part.Melody)] })];
        double[] sound = [.. Synthesis.ScoreRenderer.Render(scores, Sound.SampleRate).Select(s => s / 32768.0)];
        int change = (int)(clip.Sections[1].Start * Sound.SampleRate);
        return (sound[..change], sound[change..]);
    }

    private static double Level(double[] sound) => Math.Sqrt(sound.Average(s => s * s));

    /// <summary>The share of the minor third in the energy of both thirds above C, in octaves where neighbours are told apart.</summary>
    private static double MinorThird(double[] sound)
    {
        double[] energy = new double[12];
        foreach (double[] row in Sound.Spectrogram(sound))
            for (int pitch = 60; pitch < 84; pitch++)
            {
                int bin = (int)Math.Round(440 * Math.Pow(2, (pitch - 69) / 12.0) * 2048 / Sound.SampleRate);
                energy[pitch % 12] += row[bin] * row[bin];
            }

        return energy[3] / (energy[3] + energy[4]);
    }
}
