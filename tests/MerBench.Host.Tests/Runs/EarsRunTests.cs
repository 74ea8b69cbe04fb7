using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Tests.Data;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Runs;

/// <summary>Models of different ears meet in one benchmark as if each stood in its own.</summary>
public sealed class EarsRunTests
{
    private const string Mel = "{ use: log-mel, with: { sample-rate: 16000, stft: { n-fft: 512, hop-length: 256 }, mel: { n-mels: 24 } } }";

    private const string Shape = """
        dataset: { use: cues, with: { clips: 12, seconds: 1 } }
        front-end: FRONTEND
        excerpt: { seconds: LENGTH }
        models: { MODELS }
        perturbations:
          pgd: { use: pgd, with: { steps: 3 }, domain: waveform, budgets: { snr: [30] } }
          spectral: { use: fgsm, budgets: { linf: [0.1] } }
          noise: { use: noise, severities: [5] }
        metrics: [mae]
        """;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Each_model_is_attacked_as_in_a_benchmark_of_its_own()
    {
        RunResults both = Run(
                "both",
                "madmom-log",
                "1",
                $"low: ridge, high: {{ use: ridge, front-end: {Mel}, excerpt: {{ seconds: 0.8 }} }}"
            ),
            low = Run("low", "madmom-log", "1", "low: ridge"),
            high = Run("high", Mel, "0.8", "high: ridge");
        Assert.That(both.FailedCells, Is.Zero);
        Assert.That(Numbers(both, "low"), Is.EqualTo(Numbers(low, "low")));
        Assert.That(Numbers(both, "high"), Is.EqualTo(Numbers(high, "high")));
        Assert.That(both.Cells.Where(c => c.Perturbation == "pgd").Select(c => c.Result!.Size.MedianSnrDb), Is.All.EqualTo(30).Within(0.1));
        Assert.That(both.Models[0].Ears, Is.Null);
        Assert.That(both.Models[1].Ears!.ToString(), Is.EqualTo("log-mel at 16000 Hz, 0.8 s"));
        Assert.That(both.Models[1].Ears!.FeatureMean, Is.EqualTo(high.Dataset.FeatureMean));
        Assert.That(high.Models[0].Ears, Is.Null);
        Assert.That(both.Dataset.Fingerprint, Is.EqualTo(low.Dataset.Fingerprint));
    }

    [Test]
    public void Features_that_nothing_standardises_stay_as_the_front_end_gives_them()
    {
        RunResults raw = Run("raw", "madmom-log", "1, standardise-from: nothing", "low: ridge");
        Assert.That((raw.Dataset.FeatureMean, raw.Dataset.FeatureStandardDeviation), Is.EqualTo((0.0, 1.0)));
    }

    private RunResults Run(string name, string frontEnd, string length, string models)
    {
        string file = _folder.File($"{name}.yaml");
        File.WriteAllText(
            file,
            Shape
                .Replace("FRONTEND", frontEnd, StringComparison.Ordinal)
                .Replace("LENGTH", length, StringComparison.Ordinal)
                .Replace("MODELS", models, StringComparison.Ordinal)
        );
        // A store of its own, so that nothing is taken from another run.
        var request = new RunRequest(file, [SmallBenchmark.Plugins])
        {
            Cache = _folder.File($"{name}-store"),
            Output = _folder.File(name),
            Threads = 1,
        };
        return BenchmarkRun.Execute(request, null, _ => { }, CancellationToken.None).Results;
    }

    // Keys among them: they depend on nothing of the benchmark's front end.
    private static string Numbers(RunResults results, string model) =>
        JsonSerializer.Serialize(
            results.Cells.Where(c => c.Model == model).Select(c => c.Result! with { Seconds = 0 }),
            ResultJson.Options
        );
}
