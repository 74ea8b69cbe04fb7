using MathNet.Numerics.Statistics;
using MerBench.Host.Checks;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Gathers what is measured on a cell's batches, and sums it up.</summary>
/// <param name="precision">In which an attack computes.</param>
/// <param name="examples">Inputs to keep, of the clips that are harmed most.</param>
internal sealed class CellMeasurements(BenchmarkDefinition definition, PreparedDataset data, Cell cell, Precision precision, int examples)
{
    private readonly Objective _objective = Objective.Parse(cell.Perturbation.Objective, data.Emotions);
    private readonly List<ClipResult> _rows = [];
    private readonly List<ClipTrace> _traces = [];
    private readonly List<float> _saved = [];
    private readonly List<Doubt> _doubts = [];
    private readonly HarmedMost _examples = new(examples);

    public IReadOnlyList<ClipResult> Clips => _rows;

    /// <summary>Inputs of the clips that were harmed most.</summary>
    public IReadOnlyList<KeptInput> Examples => _examples.Inputs;

    public (long Forward, long Gradient) CallsOfFit { get; set; }

    public long SparedCalls { get; set; }

    public void Doubt(IEnumerable<Doubt> doubts) => _doubts.AddRange(doubts);

    public void AddTrace(IEnumerable<ClipTrace> traces) => _traces.AddRange(traces);

    /// <summary>What is predicted when the perturbed waveforms are saved and read again.</summary>
    public void AddSaved(CellBatch batch, IReadOnlyList<Prediction> predicted) => _saved.AddRange(Objectives(batch, predicted).Value);

    public void Add(
        CellBatch batch,
        Tensor perturbed,
        IReadOnlyList<Prediction> predicted,
        IReadOnlyList<long> forwardCalls,
        IReadOnlyList<long> gradientCalls,
        IReadOnlyList<IReadOnlyDictionary<string, string>>? notes,
        Realised? realised
    )
    {
        using var scope = NewDisposeScope();
        Tensor delta = perturbed - batch.Input;
        float[] linf = Sizes(Norm.Linf),
            l2 = Sizes(Norm.L2),
            snr = Sizes(Norm.Snr);
        double[]? melInversion = cell.Perturbation.Domain == Domain.Features ? MelInversionSnr.Measure(batch.Input, delta) : null;
        (float[] value, float[] shift) = Objectives(batch, predicted);
        (float[] clean, _) = Objectives(batch, batch.Clean);
        for (int i = 0; i < batch.Clips.Count; i++)
        {
            Clip clip = batch.Clips[i];
            _rows.Add(
                new ClipResult(
                    clip.Id,
                    clip.Emotion,
                    batch.Clean[i].Emotion,
                    predicted[i].Emotion,
                    clip.Concepts,
                    batch.Clean[i].Concepts,
                    predicted[i].Concepts,
                    linf[i],
                    l2[i],
                    l2[i] == 0 ? double.PositiveInfinity : snr[i],
                    forwardCalls[i],
                    gradientCalls[i],
                    melInversion?[i]
                )
                {
                    Shift = shift[i],
                    Objective = (clean[i], value[i]),
                    Notes = notes?[i] ?? new Dictionary<string, string>(StringComparer.Ordinal),
                    Realised = realised?.Predictions[i].Emotion,
                    RealisedResidual = realised?.Residual[i] ?? 0,
                    RealisedSnrDb = realised?.SnrDb[i] ?? 0,
                }
            );
            _examples.Offer(_rows[^1], perturbed[i], realised?.Waveform[i]);
        }

        float[] Sizes(Norm norm) => new Budget(norm, 0).Measure(delta, batch.Input).cpu().data<float>().ToArray();
    }

    public CellResult Create(string key, string modelKey, TimeSpan elapsed)
    {
        var table = new MetricTable(data.Emotions, _rows);
        bool isAttack = !cell.Perturbation.IsCorruption;
        if (isAttack)
            _doubts.AddRange(OfAttack());
        return new CellResult(
            key,
            modelKey,
            table.Compute(definition.Metrics, clipped: false),
            table.Compute(definition.Metrics, clipped: true),
            table.OutOfRange(),
            Size(),
            _rows.Sum(r => r.ForwardCalls),
            _rows.Sum(r => r.GradientCalls),
            elapsed.TotalSeconds
        )
        {
            Precision = isAttack ? precision : Precision.Fp32,
            Objective = isAttack
                ? new ObjectiveValues([.. _rows.Select(r => r.Objective.Clean)], [.. _rows.Select(r => r.Objective.Perturbed)])
                : null,
            EmotionShift = _rows.Average(r => Change(r.Clean, r.Perturbed)),
            ConceptShift = _rows[0] is { CleanConcepts: not null, PerturbedConcepts: not null }
                ? _rows.Average(r => Change(r.CleanConcepts!, r.PerturbedConcepts!))
                : null,
            SuccessRate = _rows.Average(r => r.Shift >= 1 ? 1.0 : 0.0),
            Successes =
            [
                .. _rows.Select(r => r.Shift >= 1 ? new SizeOfSuccess(r.Linf, r.L2, double.IsFinite(r.SnrDb) ? r.SnrDb : null) : null),
            ],
            Doubts = [.. _doubts],
            Notes = _rows
                .SelectMany(r => r.Notes)
                .GroupBy(n => n.Key, StringComparer.Ordinal)
                .ToDictionary(
                    g => g.Key,
                    IReadOnlyDictionary<string, int> (g) => g.CountBy(n => n.Value).ToDictionary(StringComparer.Ordinal),
                    StringComparer.Ordinal
                ),
            SparedCalls = SparedCalls,
            FitForwardCalls = CallsOfFit.Forward,
            FitGradientCalls = CallsOfFit.Gradient,
            Realisable = _rows[0].Realised is null ? null : Realisable(),
        };
    }

    private static double Change(float[] clean, float[] perturbed) => clean.Zip(perturbed, (c, p) => Math.Abs((double)p - c)).Average();

    private IEnumerable<Doubt> OfAttack()
    {
        float[] clean = [.. _rows.Select(r => r.Objective.Clean)],
            perturbed = [.. _rows.Select(r => r.Objective.Perturbed)];
        if (_traces.Count == _rows.Count && !cell.Perturbation.Use.Plugin.MinimisesNorm)
            foreach (Doubt doubt in TraceChecks.Of(_traces, clean, perturbed))
                yield return doubt;
        if (_saved.Count == _rows.Count && SavedAudio.Judge(clean, perturbed, _saved) is { } lost)
            yield return lost;
        if (
            !cell.Perturbation.Use.Plugin.MinimisesNorm
            && ObjectiveCheck.Judge(cell.Perturbation.Objective, definition.Metrics.Select(m => m.Plugin.Metric!)) is { } other
        )
            yield return other;
    }

    /// <summary>What the attack maximises, and the change that it is about in multiples of the tolerance, a clip.</summary>
    public (float[] Value, float[] Shift) Objectives(CellBatch batch, IReadOnlyList<Prediction> predicted)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor ratings = batch.Targets.cpu();
        var reference = new ClipReference(ratings)
        {
            Clean = Prediction.Stack(batch.Clean, CPU),
            Tolerance = AttackedModel.Tolerances(definition, data, batch.Clips),
        };
        ModelOutput output = Prediction.Stack(predicted, CPU);
        return (_objective.Value(output, reference).data<float>().ToArray(), _objective.Shift(output, reference).data<float>().ToArray());
    }

    private PerturbationSize Size()
    {
        double snr = _rows.Select(r => r.SnrDb).Median();
        double perSample = Math.Sqrt(data.WaveformLength);
        double loudness = 20 * Math.Log10(_rows.Select(r => r.L2 / perSample).Median());
        return new PerturbationSize(
            _rows.Select(r => r.Linf).Median(),
            _rows.Max(r => r.Linf),
            _rows.Select(r => r.L2).Median(),
            _rows.Max(r => r.L2),
            double.IsFinite(snr) ? snr : null,
            _rows[0].MelInversionSnrDb is null ? null : _rows.Select(r => r.MelInversionSnrDb!.Value).Median(),
            cell.Perturbation.Domain == Domain.Waveform && double.IsFinite(loudness) ? loudness : null
        );
    }

    private RealisableHarm Realisable()
    {
        var table = new MetricTable(data.Emotions, [.. _rows.Select(r => r with { Perturbed = r.Realised! })]);
        double snr = _rows.Select(r => r.RealisedSnrDb).Median();
        return new RealisableHarm(
            table.Compute(definition.Metrics, clipped: false).ToDictionary(m => m.Key, m => m.Value.Mean, StringComparer.Ordinal),
            _rows.Select(r => r.RealisedResidual).Median(),
            double.IsFinite(snr) ? snr : null
        );
    }
}
