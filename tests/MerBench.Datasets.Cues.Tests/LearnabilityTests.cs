using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace MerBench.Datasets.Cues.Tests;

public sealed class LearnabilityTests
{
    /// <summary>Ridge regression on mean and deviation of a log spectrum, peak level removed as front ends do: ratings must be
    /// audible.</summary>
    [Test]
    [Category("Slow")]
    [Explicit("Renders 400 clips; run it with: dotnet test tests/MerBench.Datasets.Cues.Tests --filter TestCategory=Slow")]
    public void A_linear_model_hears_the_ratings_in_clips_of_four_seconds()
    {
        const double penalty = 100;
        DatasetContent content = new CuesDataset(new CuesOptions(Seconds: 4)).Load(default);
        double[][] features = [.. content.Clips.AsParallel().AsOrdered().Select(FeaturesOf)];
        int[] train = [.. Indices(content, Split.Train)],
            test = [.. Indices(content, Split.Test)];
        for (int f = 0; f < features[0].Length; f++)
        {
            double[] column = [.. train.Select(i => features[i][f])];
            (double mean, double deviation) = (column.Mean(), column.PopulationStandardDeviation() + 1e-9);
            foreach (double[] row in features)
                row[f] = (row[f] - mean) / deviation;
        }

        Matrix<double> x = Matrix<double>.Build.DenseOfRowArrays(train.Select(i => features[i])),
            z = Matrix<double>.Build.DenseOfRowArrays(test.Select(i => features[i]));
        Matrix<double> kernel = (x * x.Transpose()) + (penalty * Matrix<double>.Build.DenseIdentity(train.Length));
        double[] correlations =
        [
            .. Enumerable
                .Range(0, content.Emotions.Count)
                .Select(e =>
                {
                    Vector<double> y = Vector<double>.Build.Dense([.. train.Select(i => (double)content.Clips[i].Emotion[e])]);
                    Vector<double> predicted = z * x.TransposeThisAndMultiply(kernel.Solve(y - y.Average()));
                    return Correlation.Pearson(predicted, test.Select(i => (double)content.Clips[i].Emotion[e]));
                }),
        ];
        TestContext.Out.WriteLine(
            string.Join("  ", content.Emotions.Names.Zip(correlations, (n, r) => FormattableString.Invariant($"{n} {r:F2}")))
        );
        Assert.That(correlations.Average(), Is.GreaterThan(0.65));
    }

    private static IEnumerable<int> Indices(DatasetContent content, Split split) =>
        Enumerable.Range(0, content.Clips.Count).Where(i => content.Clips[i].Split == split);

    private static double[] FeaturesOf(Clip clip)
    {
        double[] sound = [.. ((AudioSource.Rendered)clip.Audio).Render(Sound.SampleRate).Select(s => (double)s)];
        double peak = sound.Max(Math.Abs);
        List<double[]> frames = [.. Sound.Spectrogram([.. sound.Select(s => s / peak)]).Select(ToBands)];
        return
        [
            .. Enumerable
                .Range(0, frames[0].Length)
                .SelectMany(b => new[] { frames.Average(f => f[b]), frames.Select(f => f[b]).PopulationStandardDeviation() }),
        ];
    }

    /// <summary>Quarter tones from 65 Hz to 10 kHz, the nearest bin each, log10(1 + x).</summary>
    private static double[] ToBands(double[] bins) =>
        [
            .. Enumerable
                .Range(0, 175)
                .Select(k => (int)Math.Round(65 * Math.Pow(2, k / 24.0) * 2048 / Sound.SampleRate))
                .Distinct()
                .Select(b => Math.Log10(1 + bins[b])),
        ];
}
