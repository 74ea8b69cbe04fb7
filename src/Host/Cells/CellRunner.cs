using System.Diagnostics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Runs one cell: perturbs the test clips batch by batch, measures, and looks for reasons not to believe it.</summary>
internal sealed class CellRunner(BenchmarkDefinition definition, Device device)
{
    /// <summary>Clips a batch; changes memory and speed, not results.</summary>
    public int Batch { get; set; } = definition.EvaluationBatch;

    /// <param name="surrogates">The benchmark's other models at the cell's seed, by name.</param>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public (CellResult Result, IReadOnlyList<ClipRow> Clips, IReadOnlyList<KeptInput> Examples) Run(
        Cell cell,
        string key,
        LoadedModel model,
        Func<string, LoadedModel> surrogates,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        return GuestCall.Make(cell.Perturbation.Use.Plugin.Id, Work);

        (CellResult, IReadOnlyList<ClipRow>, IReadOnlyList<KeptInput>) Work()
        {
            long start = Stopwatch.GetTimestamp();
            Seed(cell);
            CellBatches batches = Batches(cell, model);
            var measured = new CellMeasurements(definition, model.Data, cell, definition.Examples);
            using IPerturber perturber = CreatePerturber(cell, model, surrogates, batches);
            var certification = Certification.Begin(definition, model, cell);
            CallsOfFit calls = perturber.Fit(progress, cancel);
            foreach ((int first, int end) in batches.Ranges)
            {
                cancel.ThrowIfCancellationRequested();
                Perturb(perturber, batches, first, end, measured, certification, progress, cancel);
                progress?.Report(end / (double)batches.Clips);
            }

            CellResult result = measured.Summarise(key, model.Key);
            result = result with
            {
                Doubts = [.. perturber.Examine(measured.Clips, cancel)],
                Precision = perturber.Precision ?? Precision.Fp32,
                Certified = certification?.Summarise(),
                Adaptation = CompareAdaptation(cell, model, surrogates, measured.Clips, CountCalls(result, calls), cancel),
                FitForwardCalls = calls.Forward,
                FitGradientCalls = calls.Gradient,
            };
            return (result with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds }, measured.Clips, measured.Examples);
        }
    }

    /// <summary>Perturbs one test clip again, to what <see cref="Run"/> made of it: random numbers belong to the clip.</summary>
    /// <param name="clip">Its place among the test clips.</param>
    /// <param name="surrogates">The benchmark's other models at the cell's seed, by name.</param>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public (ClipRow Result, KeptInput Input) RunOne(
        Cell cell,
        LoadedModel model,
        Func<string, LoadedModel> surrogates,
        int clip,
        CancellationToken cancel
    )
    {
        return GuestCall.Make(cell.Perturbation.Use.Plugin.Id, Work);

        (ClipRow, KeptInput) Work()
        {
            Seed(cell);
            CellBatches batches = Batches(cell, model);
            var measured = new CellMeasurements(definition, model.Data, cell, examples: 1);
            using IPerturber perturber = CreatePerturber(cell, model, surrogates, batches);
            perturber.Fit(null, cancel);
            Perturb(perturber, batches, clip, clip + 1, measured, null, null, cancel);
            return (measured.Clips[0], measured.Examples[0]);
        }
    }

    // What plugins draw from torch's generator all the same is at least the same in each run.
    private static void Seed(Cell cell) => manual_seed((long)(RandomStream.For("torch", cell.Name).NextBits() >> 1));

    private static void Perturb(
        IPerturber perturber,
        CellBatches batches,
        int first,
        int end,
        CellMeasurements measured,
        Certification? certification,
        IProgress<double>? progress,
        CancellationToken cancel
    )
    {
        using var scope = NewDisposeScope();
        CellBatch batch = batches.Take(first, end, perturber.Precision, progress, cancel);
        PerturbedBatch perturbed = perturber.Perturb(batch, cancel);
        measured.Add(batch, perturbed);
        certification?.Examine(batch, perturbed, cancel);
    }

    // Fitted attacks may have asked while they learned.
    private static long CountCalls(CellResult result, CallsOfFit calls) =>
        result.ForwardCalls + result.GradientCalls + calls.Forward + calls.Gradient;

    private AdaptationResult? CompareAdaptation(
        Cell cell,
        LoadedModel model,
        Func<string, LoadedModel> surrogates,
        IReadOnlyList<ClipRow> clips,
        long asked,
        CancellationToken cancel
    )
    {
        if (cell.Perturbation.IsCorruption || model.Defended is not { } defended)
            return null;
        if (!cell.Model.Parts.Contains(defended.Undefended, StringComparer.Ordinal))
            throw new CellFailedException($"{model.Plugin} says that it defends '{defended.Undefended}', which is none of its parts.");
        LoadedModel undefended = surrogates(defended.Undefended);
        CellBatches batches = Batches(cell, undefended);
        using IPerturber unaware = CreatePerturber(cell, undefended, surrogates, batches);
        return new Adaptation(model, unaware, batches, cell.Perturbation.Domain).Compare(clips, asked, cancel);
    }

    private CellBatches Batches(Cell cell, LoadedModel model) => new(model.Data, model, cell.Perturbation.Domain, Batch, device);

    private IPerturber CreatePerturber(Cell cell, LoadedModel model, Func<string, LoadedModel> surrogates, CellBatches batches)
    {
        PreparedDataset data = model.Data;
        if (cell.Perturbation.IsCorruption)
            return new CorruptionPerturber(cell, model, data, device);
        var attacked = new AttackedModel(definition, data, cell, model, surrogates, device);
        return new AttackPerturber(attacked, new CellObjective(definition, data, cell), batches, definition, data, device);
    }
}
