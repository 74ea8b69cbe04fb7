using System.Diagnostics;
using MerBench.Attacks.Gradient;
using MerBench.Host.Benchmarks;
using MerBench.Host.Plugins;
using MerBench.Host.Training;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>
/// An adversarial epoch of the study's recipe: for each batch of eight clips an update on the clean clips, <c>adam-sign</c> with 50 steps on each, and an update on what it found. The study attacks clip by clip and trains
/// on 36 batches; here are fewer batches of the same network.
/// </summary>
internal static class TrainingHarness
{
    public const int Clips = 8;

    private static readonly PluginUse Use = new(new PluginDescriptor(PluginKind.Attack, "adam-sign", "", "", "", PluginState.Ready), null, "{}", default);

    public static void Write(TextWriter report, HarnessOptions options, int batches)
    {
        using Reference? reference = Reference.Start(options.Python, options.Threads, options.Checkout);
        var turns = new Turns();
        var steps = new Dictionary<string, double>(StringComparer.Ordinal);
        if (reference is not null) Add($"{reference.Name}, clip by clip", () => reference.Epoch(batches, options.TrainingSteps));
        foreach (Precision precision in (Precision[])[Precision.Fp32, Precision.Bf16]) Add($"MerBench, whole batches, {precision.ToString().ToLowerInvariant()}", () => Epoch(batches, options.TrainingSteps, precision));
        turns.Run(options.Rounds);

        string first = turns.Names.First();
        report.WriteLine("| | s a batch | steps a clip | times as fast as the first |");
        report.WriteLine("|---|---:|---:|---:|");
        foreach (string row in turns.Names)
            report.WriteLine(FormattableString.Invariant($"| {row} | {Turns.Spread(turns.Of(row).ToArray())} | {steps[row]:0} | {Turns.Spread(turns.Ratios(first, row), "0.00")} |"));

        void Add(string name, Func<(double Seconds, double Steps)> epoch) => turns.Add(name, () =>
        {
            (double seconds, steps[name]) = epoch();
            return seconds;
        });
    }

    private static (double Seconds, double Steps) Epoch(int batches, int steps, Precision precision)
    {
        using var scope = NewDisposeScope();
        VggModel model = PaperNetwork.Create();
        manual_seed(1);
        int count = batches * Clips;
        var clips = new LabelledClips(randn(count, PaperNetwork.Frames, PaperNetwork.Bands), rand(count, PaperNetwork.Emotions), null);
        var one = new LabelledClips(clips.Input[..1], clips.Emotion[..1], null);
        var adversarial = new AdversarialTraining(Use, 1, null, "mse", null) { Precision = precision };
        var recipe = new TrainRecipe(Epochs: 1, Batch: Clips) { Adversarial = adversarial };
        var adversary = new TrainingAdversary(adversarial, new AdamSign(new AdamSignOptions(steps)), model, PaperNetwork.Labels, sampleRate: 0);
        long start = Stopwatch.GetTimestamp();
        TrainingOutcome outcome = Trainer.Train(model, recipe, clips, one, RandomStream.For("perf"), null, CancellationToken.None, adversary: adversary);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds / batches, outcome.AttackGradientCalls / (double)count);
    }
}
