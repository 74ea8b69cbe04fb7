using MathNet.Numerics.Statistics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Gathers what is measured on a cell's batches, and sums it up.</summary>
/// <param name="examples">Inputs to keep, of the clips that are harmed most.</param>
internal sealed class CellMeasurements(BenchmarkDefinition definition, PreparedDataset data, Cell cell, int examples)
{
    private readonly CellObjective _objective = new(definition, data, cell);
    private readonly List<ClipResult> _rows = [];
    private readonly HarmedMost _examples = new(examples);
    private long _sparedCalls;

    public IReadOnlyList<ClipResult> Clips => _rows;

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
        (float[] value, float[] shift) = _objective.Measure(batch, perturbed.Predictions);
        (float[] clean, _) = _objective.Measure(batch, batch.Clean);
        for (int i = 0; i < batch.Clips.Count; i++)
        {
            Clip clip = batch.Clips[i];
            _rows.Add(
                new ClipResult(
                    clip.Id,
                    clip.Emotion,
                    batch.Clean[i].Emotion,
                    perturbed.Predictions[i].Emotion,
                    clip.Concepts,
                    batch.Clean[i].Concepts,
                    perturbed.Predictions[i].Concepts,
                    linf[i],
                    l2[i],
                    l2[i] == 0 ? double.PositiveInfinity : snr[i],
                    perturbed.ForwardCalls.ElementAtOrDefault(i),
                    perturbed.GradientCalls.ElementAtOrDefault(i),
                    melInversion?[i]
                )
                {
                    Shift = shift[i],
                    Objective = (clean[i], value[i]),
                    Notes = perturbed.Notes.ElementAtOrDefault(i) ?? new Dictionary<string, string>(StringComparer.Ordinal),
                    Realised = perturbed.Realised?.Predictions[i].Emotion,
                    RealisedResidual = perturbed.Realised?.Residual[i] ?? 0,
                    RealisedSnrDb = perturbed.Realised?.SnrDb[i] ?? 0,
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
        return new CellResult(
            key,
            modelKey,
            table.Compute(definition.Metrics, clipped: false),
            table.Compute(definition.Metrics, clipped: true),
            table.OutOfRange(),
            Size(),
            _rows.Sum(r => r.ForwardCalls),
            _rows.Sum(r => r.GradientCalls),
            Seconds: 0
        )
        {
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
            Notes = _rows
                .SelectMany(r => r.Notes)
                .GroupBy(n => n.Key, StringComparer.Ordinal)
                .ToDictionary(
                    g => g.Key,
                    IReadOnlyDictionary<string, int> (g) => g.CountBy(n => n.Value).ToDictionary(StringComparer.Ordinal),
                    StringComparer.Ordinal
                ),
            SparedCalls = _sparedCalls,
            Realisable = _rows[0].Realised is null ? null : Realisable(),
        };
    }

    private static double Change(float[] clean, float[] perturbed) => clean.Zip(perturbed, (c, p) => Math.Abs((double)p - c)).Average();

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
