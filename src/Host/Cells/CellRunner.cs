using System.Diagnostics;
using MerBench.Host.Checks;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Runs one cell: perturbs the test clips batch by batch, checks what came back, predicts, measures, and looks for reasons not to believe it.</summary>
internal sealed class CellRunner(BenchmarkDefinition definition, PreparedDataset data, Device device)
{
    private const int ClipsOfSample = 4;

    /// <summary>Clips a batch; changes memory and speed, not results.</summary>
    public int Batch { get; set; } = definition.EvaluationBatch;

    /// <param name="surrogates">The benchmark's other models at the cell's seed, by name.</param>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public (CellResult Result, IReadOnlyList<ClipResult> Clips, IReadOnlyList<KeptInput> Examples) Run(
        Cell cell,
        string key,
        LoadedModel model,
        Func<string, LoadedModel> surrogates,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        long start = Stopwatch.GetTimestamp();
        int clips = data.Clips(Split.Test).Count;
        var attacked = new AttackedModel(definition, data, cell, model, surrogates, device);
        object plugin = cell.Perturbation.Use.Create<object>();
        using var disposable = plugin as IDisposable;
        var summary = new CellMeasurements(definition, data, cell, model.Precision, definition.Examples);
        if (plugin is IFittedAttack fitted)
            summary.CallsOfFit = Fit(fitted, attacked, progress, cancel);
        for (int first = 0; first < clips; first += Batch)
        {
            cancel.ThrowIfCancellationRequested();
            int end = Math.Min(first + Batch, clips);
            PerturbClips(
                plugin,
                attacked,
                first,
                end,
                summary,
                new BatchProgress(progress, first / (double)clips, (end - first) / (double)clips),
                cancel
            );
            progress?.Report(end / (double)clips);
        }

        summary.Doubt(model.Doubts(attacked.Domain).Where(d => plugin is IAttack || d.IsOfPredictions));
        if (plugin is IAttack)
            summary.Doubt([.. AtHugeBudget(attacked, cancel), .. AgainstFp32(attacked, summary, cancel)]);
        return (summary.Create(key, model.Key, Stopwatch.GetElapsedTime(start)), summary.Clips, summary.Examples);
    }

    /// <summary>Perturbs one test clip again, to what <see cref="Run"/> made of it: random numbers belong to the clip.</summary>
    /// <param name="clip">Its place among the test clips.</param>
    /// <param name="surrogates">The benchmark's other models at the cell's seed, by name.</param>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public (ClipResult Result, KeptInput Input) RunOne(
        Cell cell,
        LoadedModel model,
        Func<string, LoadedModel> surrogates,
        int clip,
        CancellationToken cancel
    )
    {
        var attacked = new AttackedModel(definition, data, cell, model, surrogates, device);
        object plugin = cell.Perturbation.Use.Create<object>();
        using var disposable = plugin as IDisposable;
        var summary = new CellMeasurements(definition, data, cell, model.Precision, examples: 1);
        if (plugin is IFittedAttack fitted)
            Fit(fitted, attacked, null, cancel);
        PerturbClips(plugin, attacked, clip, clip + 1, summary, new BatchProgress(null, 0, 1), cancel);
        return (summary.Clips[0], summary.Examples[0]);
    }

    private void PerturbClips(
        object plugin,
        AttackedModel attacked,
        int first,
        int end,
        CellMeasurements summary,
        IProgress<double> progress,
        CancellationToken cancel
    )
    {
        using var scope = NewDisposeScope();
        CellBatch batch = Take(attacked, first, end, plugin is IAttack ? attacked.Model.Precision : null, progress, cancel);
        if (plugin is ICorruption corruption)
            Corrupt(corruption, attacked.Cell, attacked.Model, batch, summary, cancel);
        else
            Attack((IAttack)plugin, attacked, batch, summary, cancel);
    }

    private void Corrupt(
        ICorruption corruption,
        Cell cell,
        LoadedModel model,
        CellBatch batch,
        CellMeasurements summary,
        CancellationToken cancel
    )
    {
        Domain domain = cell.Perturbation.Domain;
        Box? box = AttackedModel.BoxOf(domain);
        var context = new CorruptionContext(
            batch.Input,
            domain,
            cell.Severity ?? 1,
            data.SampleRate,
            [.. batch.Clips.Select(clip => RandomStreams.Of(cell, clip))],
            box
        )
        {
            FindFfmpeg = () => FfmpegLocation.Find(Environment.GetEnvironmentVariable),
        };
        Tensor? corrupted = corruption.Corrupt(context, cancel);
        if (corrupted is not null && box is { } b)
            corrupted = corrupted.clamp(b.Minimum, b.Maximum);
        new PerturbationCheck(cell.Perturbation.Use.Plugin.Id, domain, cell.Budget, box).Enforce(corrupted, batch.Input, batch.ClipIds);
        var none = new long[batch.Clips.Count];
        summary.Add(batch, corrupted!.detach(), model.Predict(corrupted, domain), none, none, null, null);
    }

    private static (long Forward, long Gradient) Fit(
        IFittedAttack attack,
        AttackedModel attacked,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        using var scope = NewDisposeScope();
        using AttackContext training = attacked.OnTrainingClips(progress);
        using IDisposable products = MatrixProducts.In(attacked.Model.Precision);
        attack.Fit(training, cancel);
        return (training.ForwardCalls.Sum(), training.GradientCalls.Sum());
    }

    private void Attack(IAttack attack, AttackedModel attacked, CellBatch batch, CellMeasurements summary, CancellationToken cancel)
    {
        using var trace = new AttackTrace(batch.Clips.Count);
        using AttackContext context = attacked.On(batch, trace);
        Tensor? perturbed = Perturb(attack, context, attacked.Model.Precision, cancel);
        attacked.Check.Enforce(perturbed, batch.Input, batch.ClipIds);
        perturbed = perturbed!.detach();
        IReadOnlyList<Prediction> predicted = attacked.Model.Predict(perturbed, attacked.Domain);
        Realised? realised = null;
        if (attacked.Cell.Perturbation.ResynthesisSteps is { } steps)
        {
            Tensor waveform = data.Waveforms(Split.Test, cancel)
                .Input[TensorIndex.Slice(batch.First, batch.First + batch.Clips.Count)]
                .to(device);
            (Tensor found, float[] residual) = Resynthesis.Find(data, waveform, perturbed, steps, cancel);
            realised = new Realised(
                found,
                attacked.Model.Predict(found, Domain.Waveform),
                residual,
                new Budget(Norm.Snr, 0).Measure(found - waveform, waveform).cpu().data<float>().ToArray()
            );
        }

        summary.Add(batch, perturbed, predicted, context.ForwardCalls, context.GradientCalls, context.Notes, realised);
        summary.SparedCalls += context.SparedCalls.Sum();
        summary.AddTrace(trace.Clips());
        if (attacked.Domain == Domain.Waveform)
            summary.AddSaved(batch, attacked.Model.Predict(SavedAudio.RoundTrip(perturbed), Domain.Waveform));
    }

    private static Tensor Perturb(IAttack attack, AttackContext context, Precision precision, CancellationToken cancel)
    {
        using IDisposable products = MatrixProducts.In(precision);
        return attack.Perturb(context, cancel);
    }

    // On a few clips only, with an instance of its own.
    private IEnumerable<Doubt> AtHugeBudget(AttackedModel attacked, CancellationToken cancel)
    {
        PerturbationDefinition perturbation = attacked.Cell.Perturbation;
        bool isConcerned =
            perturbation.Use.Plugin is { Knowledge: AttackKnowledge.Gradients, MinimisesNorm: false, IsIterative: true }
            && perturbation.Objective is "mse" or "mae";
        if (!isConcerned || attacked.Cell.Budget is not { } budget)
            yield break;
        using var scope = NewDisposeScope();
        CellBatch batch = Few(attacked, attacked.Model.Precision, cancel);
        Budget huge = HugeBudget.Like(budget, AttackedModel.BoxOf(attacked.Domain), batch.Input.numel() / batch.Clips.Count);
        using AttackContext context = attacked.On(batch, null, huge);
        Tensor perturbed = Perturb(perturbation.Use.Create<IAttack>(), context, attacked.Model.Precision, cancel);
        IReadOnlyList<Prediction> predicted = attacked.Model.Predict(perturbed, attacked.Domain);
        Tensor mean = data.Features(Split.Train).Emotion.mean([0]).to(device);
        if (
            HugeBudget.Judge(
                Prediction.Stack(batch.Clean, device).Emotion,
                Prediction.Stack(predicted, device).Emotion,
                batch.Targets,
                mean,
                huge
            ) is
            { } doubt
        )
            yield return doubt;
    }

    // What a faster format loses shows on a few clips attacked in both, and judged alike.
    private IEnumerable<Doubt> AgainstFp32(AttackedModel attacked, CellMeasurements summary, CancellationToken cancel)
    {
        PluginUse use = attacked.Cell.Perturbation.Use;
        if (attacked.Model.Precision == Precision.Fp32 || use.Plugin is { MinimisesNorm: true } or { Knowledge: AttackKnowledge.Transfer })
            yield break;
        using var scope = NewDisposeScope();
        CellBatch batch = Few(attacked, Precision.Fp32, cancel);
        using AttackContext context = attacked.On(batch, null, precision: Precision.Fp32);
        Tensor perturbed = Perturb(use.Create<IAttack>(), context, Precision.Fp32, cancel);
        float[] exact = summary.Objectives(batch, attacked.Model.Predict(perturbed, attacked.Domain)).Value;
        if (PrecisionCheck.Of(attacked.Model.Precision, [.. summary.Clips.Take(exact.Length).Select(c => c.Objective)], exact) is { } doubt)
            yield return doubt;
    }

    private CellBatch Few(AttackedModel attacked, Precision precision, CancellationToken cancel) =>
        Take(attacked, 0, Math.Min(ClipsOfSample, data.Clips(Split.Test).Count), precision, new BatchProgress(null, 0, 1), cancel);

    /// <param name="precision">In which the attack computes; null for corruptions.</param>
    private CellBatch Take(
        AttackedModel attacked,
        int first,
        int end,
        Precision? precision,
        IProgress<double> progress,
        CancellationToken cancel
    )
    {
        LabelledClips inputs = data.Inputs(Split.Test, attacked.Domain);
        IReadOnlyList<Prediction> Clean(Precision? format) =>
            [.. attacked.Model.Clean(attacked.Domain, Batch, format, cancel).Skip(first).Take(end - first)];
        return new CellBatch(
            first,
            [.. data.Clips(Split.Test).Skip(first).Take(end - first)],
            inputs.Input[TensorIndex.Slice(first, end)].to(device),
            inputs.Emotion[TensorIndex.Slice(first, end)].to(device),
            Clean(null),
            Clean(precision),
            progress
        );
    }

    private sealed class BatchProgress(IProgress<double>? cell, double start, double share) : IProgress<double>
    {
        public void Report(double value) => cell?.Report(start + (share * Math.Clamp(value, 0, 1)));
    }
}

/// <summary>Some test clips on their way through a cell.</summary>
/// <param name="First">The place of the first one among the test clips.</param>
/// <param name="Clean">Clean predictions by which results are judged.</param>
/// <param name="CleanAsAttacked">The same as the model's form for attacks predicts them.</param>
internal sealed record CellBatch(
    int First,
    IReadOnlyList<Clip> Clips,
    Tensor Input,
    Tensor Targets,
    IReadOnlyList<Prediction> Clean,
    IReadOnlyList<Prediction> CleanAsAttacked,
    IProgress<double> Progress
)
{
    public IReadOnlyList<string> ClipIds => [.. Clips.Select(c => c.Id)];
}

/// <summary>The audio that resynthesis found, what it is predicted as, how far it is from what was wanted, and how loud the change is.</summary>
internal sealed record Realised(Tensor Waveform, IReadOnlyList<Prediction> Predictions, float[] Residual, float[] SnrDb);
