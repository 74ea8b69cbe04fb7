using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using MerBench.Attacks.Gradient;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Training;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>
/// An adversarial epoch of the study's recipe: for each batch of eight clips an update on the clean clips, <c>adam-sign</c> with 50 steps
/// on each, and an update on what it found. The study attacks clip by clip and trains
/// on 36 batches; here are fewer batches of the same network. The last row attacks by <c>apgd</c> within the largest change that
/// <c>adam-sign</c> made, in the fewest steps that raise the objective as much.
/// </summary>
internal static class TrainingHarness
{
    public const int Clips = 8;

    private static readonly PluginUse AttackUse = new(
        new PluginDescriptor(PluginKind.Attack, "adam-sign", "", "", "", PluginState.Ready),
        null,
        "{}",
        default
    );

    public static void Write(TextWriter report, HarnessOptions options, int batches)
    {
        using Reference? reference = Reference.Start(options.Python, options.Threads, options.Checkout);
        var turns = new Turns();
        var steps = new Dictionary<string, double>(StringComparer.Ordinal);
        if (reference is not null)
            Add($"{reference.Name}, clip by clip", () => reference.Epoch(batches, options.TrainingSteps));
        var adamSign = new AdamSign(new AdamSignOptions(options.TrainingSteps));
        Add("MerBench, whole batches, fp32", () => Epoch(batches, adamSign, null, Precision.Fp32));
        if (Avx512F.IsSupported)
            Add("MerBench, whole batches, bf16", () => Epoch(batches, adamSign, null, Precision.Bf16));
        (Budget budget, int fewest) = AsHarmful(adamSign, options.TrainingSteps);
        Add(
            "MerBench, whole batches, fp32, `apgd` as harmful",
            () => Epoch(batches, new Apgd(new ApgdOptions(fewest)), budget, Precision.Fp32)
        );
        turns.Run(options.Rounds);

        string first = turns.Names.First();
        if (!Avx512F.IsSupported)
            report.WriteLine("bf16 is left out: this processor has no AVX-512.\n");
        report.WriteLine("| | s a batch | steps a clip | times as fast as the first |");
        report.WriteLine("|---|---:|---:|---:|");
        foreach (string row in turns.Names)
            report.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row} | {Turns.Spread(turns.Of(row).ToArray())} | {steps[row]:0} | "
                        + $"{Turns.Spread(turns.Ratios(first, row), "0.00")} |"
                )
            );

        void Add(string name, Func<(double Seconds, double Steps)> epoch) =>
            turns.Add(
                name,
                () =>
                {
                    (double seconds, steps[name]) = epoch();
                    return seconds;
                }
            );
    }

    private static (double Seconds, double Steps) Epoch(int batches, IAttack attack, Budget? budget, Precision precision)
    {
        using var scope = NewDisposeScope();
        VggModel model = PaperNetwork.Create();
        manual_seed(1);
        int count = batches * Clips;
        var clips = new LabelledClips(randn(count, PaperNetwork.Frames, PaperNetwork.Bands), rand(count, PaperNetwork.Emotions), null);
        var one = new LabelledClips(clips.Input[..1], clips.Emotion[..1], null);
        var adversarial = new AdversarialTraining(AttackUse, 1, budget, "mse", null) { Precision = precision };
        var recipe = new TrainRecipe(Epochs: 1, Batch: Clips) { Adversarial = adversarial };
        LabelSpace emotions = PaperNetwork.Labels;
        var adversary = new TrainingAdversary(adversarial, attack, model, emotions, concepts: null, CurveAlignment.None, sampleRate: 0);
        long start = Stopwatch.GetTimestamp();
        TrainingOutcome outcome = Trainer.Train(
            model,
            recipe,
            clips,
            one,
            RandomStream.For("perf"),
            null,
            CancellationToken.None,
            new TrainingAids(Adversary: adversary)
        );
        return (Stopwatch.GetElapsedTime(start).TotalSeconds / batches, outcome.AttackGradientCalls / (double)count);
    }

    // The budget that another attack used without being asked to keep one, and the fewest steps of apgd that find no less within it.
    private static (Budget Budget, int Steps) AsHarmful(IAttack attack, int most)
    {
        using var scope = NewDisposeScope();
        using VggModel model = PaperNetwork.Create();
        PaperNetwork.Freeze(model);
        using IFrozenModel frozen = model.Freeze(Precision.Fp32);
        using AttackContext free = PaperNetwork.Context(frozen.Forward, Clips, budget: null);
        Tensor found = attack.Perturb(free, CancellationToken.None);
        double harm = free.Evaluate(found).mean().item<float>();
        var budget = new Budget(Norm.Linf, (found - free.Input).abs().max().item<float>());
        using AttackContext bound = PaperNetwork.Context(frozen.Forward, Clips, budget: budget);
        int steps = Enumerable
            .Range(1, most)
            .FirstOrDefault(
                n => bound.Evaluate(new Apgd(new ApgdOptions(n)).Perturb(bound, CancellationToken.None)).mean().item<float>() >= harm,
                most
            );
        return (budget, steps);
    }
}
