using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MathNet.Numerics.LinearRegression;
using MathNet.Numerics.Statistics;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Ratings;
using MerBench.Tests;

namespace MerBench.Datasets.Cues.Tests;

public sealed class EmotionTests
{
    private static readonly CueDesign s_design = new(1);
    private static readonly Cue[] s_cues = [.. Enumerable.Range(0, 2000).Select(s_design.CueOf)];

    [Test]
    public void Regression_on_unclamped_panel_ratings_recovers_the_published_coefficients()
    {
        double[][] rows = [.. s_cues.Select(EmotionModel.Row)];
        for (int emotion = 0; emotion < 4; emotion++)
        {
            double[] ratings =
            [
                .. s_cues.Select(
                    (cue, i) =>
                        EmotionModel.Published(cue)[emotion] + (0.45 * DeterministicMath.NextBell(s_design.StreamOf(i, "noise" + emotion)))
                ),
            ];
            double[] fit = MultipleRegression.QR(rows, ratings);
            double[] published = EmotionModel.Coefficients[emotion];
            // Tolerances are four standard errors of the fit.
            double[] tolerance = [0.4, 0.005, 0.085, 0.03, 0.008, 0.2, 0.11, 0.11, 0.12, 0.12, 0.12];
            for (int c = 0; c < fit.Length; c++)
                Assert.That(fit[c], Is.EqualTo(published[c]).Within(tolerance[c]), $"emotion {emotion}, {EmotionModel.CueNames[c]}");
        }
    }

    [Test]
    public void Emotions_can_be_chosen_and_are_those_of_the_whole()
    {
        DatasetContent all = new CuesDataset(new CuesOptions(Clips: 20)).Load(default);
        DatasetContent some = new CuesDataset(new CuesOptions(Clips: 20, Emotions: ["sad", "valence"])).Load(default);
        Assert.That(some.Emotions.Names, Is.EqualTo(new[] { "sad", "valence" }));
        Assert.That(some.Clips.Select(c => c.Emotion), Is.EqualTo(all.Clips.Select(c => new[] { c.Emotion[6], c.Emotion[0] })));
        Assert.That(some.Fingerprint, Is.Not.EqualTo(all.Fingerprint));
    }

    [TestCase("joy", "cues rates no 'joy', but valence, energy, tension, anger, fear, happy, sad, tender")]
    [TestCase("sad, sad", "names an emotion twice")]
    [TestCase("", "names no emotion")]
    public void Emotions_that_are_not_there_are_refused(string named, string complaint)
    {
        var options = new CuesOptions(Emotions: named.Split(", ", StringSplitOptions.RemoveEmptyEntries));
        Assert.That(options.Validate(new ValidationContext(options)).Single().ErrorMessage, Is.EqualTo(complaint));
    }

    [Test]
    public void Regression_on_the_labels_handed_out_keeps_the_published_signs()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 2000)).Load(default);
        double[][] rows = [.. s_cues.Select(EmotionModel.Row)];
        int[] emotions = [4, 5, 6, 7];
        for (int e = 0; e < 4; e++)
        {
            double[] fit = MultipleRegression.QR(rows, [.. content.Clips.Select(c => (double)c.Emotion[emotions[e]])]);
            double[] expected = [.. EmotionModel.Coefficients[e].Select(b => b / 6)];
            double scatter = s_cues.Select(c => EmotionModel.Published(c)[e]).StandardDeviation();
            foreach (int c in Enumerable.Range(1, 10))
            {
                double effect = Math.Abs(EmotionModel.Coefficients[e][c]) * rows.Select(r => r[c]).StandardDeviation() / scatter;
                if (effect > 0.1)
                    Assert.That(
                        Math.Sign(fit[c]),
                        Is.EqualTo(Math.Sign(expected[c])),
                        $"{EmotionModel.Names[emotions[e]]}, {EmotionModel.CueNames[c]}"
                    );
            }
        }
    }

    [Test]
    public void Formulas_reproduce_the_published_mean_ratings()
    {
        string[] lines = File.ReadAllLines(SharedData.Path("cues/eerola2013_cues.csv"));
        double[][] table =
        [
            .. lines.Skip(1).Select(l => l.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray()),
        ];
        int[] registers = [53, 59, 65, 71, 77, 83];
        double[] tempi = [1.2, 2, 2.8, 4.4, 6],
            dynamics = [-10, -5, 0, 5, 10],
            articulations = [1, 0.75, 0.5, 0.25];
        double[][] predicted =
        [
            .. table.Select(t =>
                EmotionModel.Published(
                    new Cue(
                        registers[(int)t[1] - 1],
                        t[2] == 2,
                        tempi[(int)t[3] - 1],
                        dynamics[(int)t[4] - 1],
                        articulations[(int)t[5] - 1],
                        (Timbre)((int)t[6] - 1),
                        (MelodyCharacter)((int)t[7] - 1)
                    )
                )
            ),
        ];
        double[] published = [0.869, 0.895, 0.875, 0.811];
        for (int e = 0; e < 4; e++)
        {
            double[] observed = [.. table.Select(t => t[8 + e])];
            double mean = observed.Average();
            double unexplained =
                observed.Zip(predicted, (o, p) => (o - p[e]) * (o - p[e])).Sum() / observed.Sum(o => (o - mean) * (o - mean));
            Assert.That(1 - unexplained, Is.EqualTo(published[e]).Within(0.002));
        }
    }

    [Test]
    public void The_eight_ratings_spread_and_correlate_as_ratings_of_music_do()
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 2000)).Load(default);
        double[][] ratings = [.. EmotionModel.Names.Select((_, e) => content.Clips.Select(c => 1 + (8.0 * c.Emotion[e])).ToArray())];
        double R(string a, string b) =>
            Correlation.Pearson(ratings[Array.IndexOf(EmotionModel.Names, a)], ratings[Array.IndexOf(EmotionModel.Names, b)]);
        Assert.Multiple(() =>
        {
            foreach (double[] emotion in ratings)
            {
                Assert.That(emotion.Mean(), Is.InRange(2, 5.5));
                Assert.That(emotion.StandardDeviation(), Is.InRange(0.9, 2));
                Assert.That(emotion.Min(), Is.GreaterThanOrEqualTo(1));
                Assert.That(emotion.Max(), Is.LessThanOrEqualTo(9));
            }

            // Signs of the Soundtracks ratings.
            Assert.That(R("valence", "tension"), Is.LessThan(-0.5));
            Assert.That(R("valence", "fear"), Is.LessThan(-0.5));
            Assert.That(R("valence", "happy"), Is.GreaterThan(0.4));
            Assert.That(R("energy", "sad"), Is.LessThan(-0.4));
            Assert.That(R("energy", "tender"), Is.LessThan(-0.3));
            Assert.That(R("anger", "fear"), Is.GreaterThan(0.5));
            Assert.That(R("happy", "sad"), Is.LessThan(-0.3));
        });
    }

    [Test]
    public void More_raters_agree_better_with_the_formula()
    {
        double Scatter(int raters) =>
            s_cues
                .Take(300)
                .Select((cue, i) => new RaterPanel(raters, 1.42).Rate([5], s_design.StreamOf(i, "raters"))[0])
                .StandardDeviation();
        Assert.That(Scatter(1), Is.EqualTo(1.42).Within(0.15));
        Assert.That(Scatter(6), Is.EqualTo(0.58).Within(0.06));
        Assert.That(Scatter(46), Is.EqualTo(0.21).Within(0.03));
    }
}
