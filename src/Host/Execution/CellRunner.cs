using System.Diagnostics;
using MathNet.Numerics.Statistics;
using MerBench.Host.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Matrix;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Execution;

/// <summary>Runs one cell: perturbs the test clips batch by batch, checks what came back, predicts, measures.</summary>
internal sealed class CellRunner(BenchmarkDefinition definition, PreparedDataset data, Device device)
{
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public (CellResult Result, IReadOnlyList<ClipResult> Clips) Run(
        Cell cell, string key, LoadedModel model, IProgress<double>? progress, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        Domain domain = cell.Perturbation.Domain;
        LabelledClips inputs = data.Inputs(Split.Test, domain);
        IReadOnlyList<Clip> clips = data.Clips(Split.Test);
        IReadOnlyList<Prediction> clean = model.Clean(domain, definition.EvaluationBatch, device, cancel);
        var rows = new List<ClipResult>(clips.Count);
        object plugin = cell.Perturbation.Use.Create<object>();
        for (int first = 0; first < clips.Count; first += definition.EvaluationBatch)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int end = Math.Min(first + definition.EvaluationBatch, clips.Count);
            var batch = new Batch(
                [.. clips.Skip(first).Take(end - first)],
                inputs.Input[TensorIndex.Slice(first, end)].to(device),
                inputs.Emotion[TensorIndex.Slice(first, end)].to(device),
                new BatchProgress(progress, first / (double)clips.Count, (end - first) / (double)clips.Count));
            Perturbed perturbed = Perturb(plugin, cell, model, batch, cancel);
            rows.AddRange(Measure(batch, domain, perturbed, model.Predict(perturbed.Input, domain), clean.Skip(first)));
            progress?.Report(end / (double)clips.Count);
        }

        return (Summarise(key, model.Key, rows, Stopwatch.GetElapsedTime(start)), rows);
    }

    private Perturbed Perturb(object plugin, Cell cell, LoadedModel model, Batch batch, CancellationToken cancel)
    {
        PerturbationDefinition perturbation = cell.Perturbation;
        Box? box = perturbation.Domain == Domain.Waveform ? new Box(-1, 1) : null;
        RandomStream[] random = [.. batch.Clips.Select(clip => RandomStreams.Of(cell, clip))];
        var check = new PerturbationCheck(perturbation.Use.Plugin.Id, perturbation.Domain, cell.Budget, box);
        if (plugin is ICorruption corruption)
        {
            var corruptionContext = new CorruptionContext(batch.Input, perturbation.Domain, cell.Severity ?? 1, data.SampleRate, random, box)
            {
                FindFfmpeg = () => FfmpegLocation.Find(Environment.GetEnvironmentVariable),
            };
            Tensor? corrupted = corruption.Corrupt(corruptionContext, cancel);
            if (corrupted is not null && box is { } b) corrupted = corrupted.clamp(b.Minimum, b.Maximum);
            check.Enforce(corrupted, batch.Input, batch.ClipIds);
            var none = new long[batch.Clips.Count];
            return new Perturbed(corrupted!.detach(), none, none);
        }

        var context = new AttackContext(
            model.From(perturbation.Domain), batch.Input, batch.Targets, Objective.Parse(perturbation.Objective, data.Emotions), random)
        {
            Domain = perturbation.Domain,
            Budget = cell.Budget,
            Box = box,
            SampleRate = data.SampleRate,
            Emotions = data.Emotions,
            Progress = batch.Progress,
        };
        Tensor? attacked = ((IAttack)plugin).Perturb(context, cancel);
        check.Enforce(attacked, batch.Input, batch.ClipIds);
        return new Perturbed(attacked!.detach(), context.ForwardCalls, context.GradientCalls);
    }

    private static IEnumerable<ClipResult> Measure(
        Batch batch, Domain domain, Perturbed perturbed, IReadOnlyList<Prediction> after, IEnumerable<Prediction> before)
    {
        Tensor delta = perturbed.Input - batch.Input;
        float[] linf = new Budget(Norm.Linf, 0).Measure(delta, batch.Input).cpu().data<float>().ToArray();
        float[] l2 = new Budget(Norm.L2, 0).Measure(delta, batch.Input).cpu().data<float>().ToArray();
        float[] snr = new Budget(Norm.Snr, 0).Measure(delta, batch.Input).cpu().data<float>().ToArray();
        double[]? melInversion = domain == Domain.Features ? MelInversionSnr.Measure(batch.Input, delta) : null;
        return batch.Clips.Zip(before, (clip, clean) => (clip, clean)).Select((pair, i) => new ClipResult(
            pair.clip.Id, pair.clip.Emotion, pair.clean.Emotion, after[i].Emotion,
            pair.clip.Concepts, pair.clean.Concepts, after[i].Concepts,
            linf[i], l2[i], l2[i] == 0 ? double.PositiveInfinity : snr[i], perturbed.ForwardCalls[i], perturbed.GradientCalls[i],
            melInversion?[i])).ToList();
    }

    private CellResult Summarise(string key, string modelKey, IReadOnlyList<ClipResult> rows, TimeSpan elapsed)
    {
        var table = new MetricTable(data.Emotions, rows);
        double snr = rows.Select(r => r.SnrDb).Median();
        var size = new PerturbationSize(
            rows.Select(r => r.Linf).Median(), rows.Max(r => r.Linf), rows.Select(r => r.L2).Median(), rows.Max(r => r.L2),
            double.IsFinite(snr) ? snr : null, rows[0].MelInversionSnrDb is null ? null : rows.Select(r => r.MelInversionSnrDb!.Value).Median());
        return new CellResult(
            key, modelKey, table.Compute(definition.Metrics, clipped: false), table.Compute(definition.Metrics, clipped: true),
            table.OutOfRange(), size, rows.Sum(r => r.ForwardCalls), rows.Sum(r => r.GradientCalls), elapsed.TotalSeconds);
    }

    private sealed record Batch(IReadOnlyList<Clip> Clips, Tensor Input, Tensor Targets, IProgress<double> Progress)
    {
        public IReadOnlyList<string> ClipIds => [.. Clips.Select(c => c.Id)];
    }

    private sealed record Perturbed(Tensor Input, IReadOnlyList<long> ForwardCalls, IReadOnlyList<long> GradientCalls);

    private sealed class BatchProgress(IProgress<double>? cell, double start, double share) : IProgress<double>
    {
        public void Report(double value) => cell?.Report(start + (share * Math.Clamp(value, 0, 1)));
    }
}
