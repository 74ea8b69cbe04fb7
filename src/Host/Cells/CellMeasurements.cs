using MathNet.Numerics.Statistics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Hearing;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Gathers what is measured on a cell's batches, and sums it up.</summary>
/// <param name="examples">Inputs to keep, of the clips that are harmed most.</param>
internal sealed class CellMeasurements(BenchmarkDefinition definition, PreparedDataset data, Cell cell, int examples)
{
    private readonly CellObjective _objective = new(definition, data, cell);
    private readonly CellNotes _notes = new(cell.Perturbation.Use.Plugin.Id);
    private readonly List<ClipRow> _rows = [];
    private readonly List<float[]?> _deviations = [];
    private readonly WorstInputs _examples = new(examples);
    private readonly AudibilityMeter? _audibility = cell.Perturbation.Domain == Domain.Waveform ? new(data.SampleRate) : null;
    private long _sparedCalls;

    public IReadOnlyList<ClipRow> Clips => _rows;

    /// <summary>Inputs of the clips that were harmed most.</summary>
    public IReadOnlyList<KeptInput> Examples => _examples.Inputs;

    public void Add(CellBatch batch, PerturbedBatch perturbed)
    {
        using var scope = NewDisposeScope();
        Tensor delta = perturbed.Input - batch.Input;
        float[] linf = Sizes(Norm.Linf);
        float[] l2 = Sizes(Norm.L2);
        float[] snr = Sizes(Norm.Snr);
        double[]? melInversion = cell.Perturbation.Domain == Domain.Features ? MelInversionSnr.Measure(batch.Input, delta) : null;
        IReadOnlyList<Audibility>? audibility = _audibility?.Measure(batch.Input, perturbed.Input);
        (float[] value, float[] shift) = _objective.Measure(batch, perturbed.Predictions);
        (float[] clean, _) = _objective.Measure(batch, batch.Clean);
        for (int i = 0; i < batch.Clips.Count; i++)
        {
            Clip clip = batch.Clips[i];
            _deviations.Add(clip.EmotionSd);
            _rows.Add(
                new ClipRow(clip.Id, Widen(clip.Emotion), Widen(batch.Clean[i].Emotion), Widen(perturbed.Predictions[i].Emotion))
                {
                    Linf = linf[i],
                    L2 = l2[i],
                    SnrDb = l2[i] == 0 ? double.PositiveInfinity : snr[i],
                    Realised = perturbed.Realised is { } realised
                        ? new RealisedClip(Widen(realised.Predictions[i].Emotion), realised.Residual[i], realised.SnrDb[i])
                        : null,
                    Curve = CurveMeasurements.Gather(clip, batch.Clean[i], perturbed.Predictions[i]),
                    Spread = PairSpreads(batch.Clean[i], perturbed.Predictions[i]),
                    Measured = new ClipMeasurements
                    {
                        Shift = shift[i],
                        Objective = (clean[i], value[i]),
                        Concepts = new ClipConcepts(clip.Concepts, batch.Clean[i].Concepts, perturbed.Predictions[i].Concepts),
                        MelInversionSnrDb = melInversion?[i],
                        Audibility = audibility?[i],
                        ForwardCalls = perturbed.ForwardCalls.ElementAtOrDefault(i),
                        GradientCalls = perturbed.GradientCalls.ElementAtOrDefault(i),
                        Notes = _notes.Take(perturbed.Notes.ElementAtOrDefault(i)),
                    },
                }
            );
            _examples.Offer(_rows[^1], perturbed.Input[i], perturbed.Realised?.Waveform[i]);
        }

        _sparedCalls += perturbed.SparedCalls;

        float[] Sizes(Norm norm) => new Budget(norm, 0).Measure(delta, batch.Input).cpu().data<float>().ToArray();
    }

    /// <summary>The result without what is not measured on clips: doubts, precision, calls on training clips, time.</summary>
    public CellResult Summarise(string key, string modelKey)
    {
        var table = new MetricTable(data.Emotions, _rows);
        bool isAttack = !cell.Perturbation.IsCorruption;
        return new CellResult
        {
            Key = key,
            ModelKey = modelKey,
            Metrics = table.Compute(definition.Metrics, clipped: false),
            ClippedMetrics = table.Compute(definition.Metrics, clipped: true),
            OutOfRange = table.OutOfRange(),
            Size = Size(),
            ForwardCalls = _rows.Sum(r => r.Measured.ForwardCalls),
            GradientCalls = _rows.Sum(r => r.Measured.GradientCalls),
            Seconds = 0,
            Objective = isAttack
                ? new ObjectiveValues(
                    [.. _rows.Select(r => r.Measured.Objective.Clean)],
                    [.. _rows.Select(r => r.Measured.Objective.Perturbed)]
                )
                : null,
            EmotionShift = _rows.Average(r => ClipError.MeanDifference(r.Clean, r.Perturbed)),
            ConceptShift = _rows[0].Measured.Concepts is { Clean: not null, Perturbed: not null }
                ? _rows.Average(r => ClipError.MeanDifference(Widen(r.Measured.Concepts.Clean!), Widen(r.Measured.Concepts.Perturbed!)))
                : null,
            SuccessRate = _rows.Average(r => IsSuccess(r) ? 1.0 : 0.0),
            Successes = [.. _rows.Select(r => IsSuccess(r) ? SizeOf(r) : null)],
            Notes = _rows
                .SelectMany(r => r.Measured.Notes)
                .GroupBy(n => n.Key, StringComparer.Ordinal)
                .ToDictionary(
                    g => g.Key,
                    IReadOnlyDictionary<string, int> (g) => g.CountBy(n => n.Value).ToDictionary(StringComparer.Ordinal),
                    StringComparer.Ordinal
                ),
            SparedCalls = _sparedCalls,
            Realisable = _rows[0].Realised is null ? null : Realisable(),
            Raters = RaterResult.Measure(_rows, _deviations),
            Spread = _rows[0].Spread is null
                ? null
                : SpreadResult.Measure([.. _rows.Select(r => (r.Rating, r.Spread!.Value.Clean, r.Spread.Value.Perturbed))]),
            OverTime = data.Moments is { } moments
                ? new CurveMeasurements(data.Emotions, moments, cell.Perturbation.Window, _rows).Summarise(definition.Metrics)
                : null,
        };
    }

    private static (PredictedSpread, PredictedSpread)? PairSpreads(Prediction clean, Prediction perturbed)
    {
        return clean.Spread is { } before && perturbed.Spread is { } after ? (Pair(clean, before), Pair(perturbed, after)) : null;

        static PredictedSpread Pair(Prediction prediction, float[] spread) => new(Widen(prediction.Emotion), Widen(spread));
    }

    private static double[] Widen(float[] numbers) => Array.ConvertAll(numbers, n => (double)n);

    private static bool IsSuccess(ClipRow row) => row.Measured.Shift >= 1;

    private static SizeOfSuccess SizeOf(ClipRow row) =>
        new(row.Linf!.Value, row.L2!.Value, double.IsFinite(row.SnrDb!.Value) ? row.SnrDb : null);

    private PerturbationSize Size()
    {
        double[] linf = [.. _rows.Select(r => r.Linf!.Value)],
            l2 = [.. _rows.Select(r => r.L2!.Value)];
        double snr = _rows.Select(r => r.SnrDb!.Value).Median();
        double perSample = Math.Sqrt(data.WaveformLength);
        double loudness = 20 * Math.Log10(l2.Select(size => size / perSample).Median());
        return new PerturbationSize(
            linf.Median(),
            linf.Max(),
            l2.Median(),
            l2.Max(),
            double.IsFinite(snr) ? snr : null,
            _rows[0].Measured.MelInversionSnrDb is null ? null : _rows.Select(r => r.Measured.MelInversionSnrDb!.Value).Median(),
            cell.Perturbation.Domain == Domain.Waveform && double.IsFinite(loudness) ? loudness : null,
            _audibility is null ? null : AudibilitySummary.Summarise([.. _rows.Select(r => r.Measured.Audibility!)])
        );
    }

    private RealisableHarm Realisable()
    {
        var table = new MetricTable(data.Emotions, [.. _rows.Select(r => r with { Perturbed = r.Realised!.Prediction })]);
        double snr = _rows.Select(r => r.Realised!.SnrDb).Median();
        return new RealisableHarm(
            table.Compute(definition.Metrics, clipped: false).ToDictionary(m => m.Key, m => m.Value.Mean, StringComparer.Ordinal),
            _rows.Select(r => r.Realised!.Residual).Median(),
            double.IsFinite(snr) ? snr : null
        );
    }
}
