using MathNet.Numerics.Statistics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;

namespace MerBench.Host.Cells;

/// <summary>Holds the perturbations of a cell against what its model proves about the cell's budget.</summary>
internal sealed class Certification
{
    // Proofs are in exact arithmetic, predictions in float32: of the rating scale.
    private const double Rounding = 1e-4;
    private const int Halvings = 40;
    private const double LargestRadius = 1e6;

    private readonly BenchmarkDefinition _definition;
    private readonly LoadedModel _model;
    private readonly ModelCertifier _certifier;
    private readonly Cell _cell;
    private readonly Budget _budget;
    private readonly List<ClipProof> _proofs = [];

    private Certification(BenchmarkDefinition definition, LoadedModel model, ModelCertifier certifier, Cell cell, Budget budget) =>
        (_definition, _model, _certifier, _cell, _budget) = (definition, model, certifier, cell, budget);

    /// <summary>One for a cell whose model proves something; null where it does not, the cell has no budget, or lives elsewhere than the
    /// proof.</summary>
    public static Certification? Begin(BenchmarkDefinition definition, LoadedModel model, Cell cell) =>
        model.Certifier is { } certifier && cell.Budget is { } budget && cell.Perturbation.Domain == certifier.Domain
            ? new Certification(definition, model, certifier, cell, budget)
            : null;

    /// <summary>Looks at a perturbed batch.</summary>
    public void Examine(CellBatch batch, PerturbedBatch perturbed, CancellationToken cancel)
    {
        IReadOnlyList<ICertificate> certificates = _certifier.CertifyClean(cancel);
        float[] length = batch.Input.flatten(1).norm(1).cpu().data<float>().ToArray();
        for (int i = 0; i < batch.Clips.Count; i++)
        {
            ICertificate certificate = certificates[batch.First + i];
            (Norm norm, double radius) = FindBall(length[i]);
            if (certificate.Bound(norm, radius) is not { } intervals)
                continue;
            RequireEmotions(intervals);
            Clip clip = batch.Clips[i];
            _proofs.Add(
                new ClipProof(
                    intervals,
                    clip.Emotion,
                    batch.Clean[i].Emotion,
                    perturbed.Predictions[i].Emotion,
                    FindRadius(certificate, norm, length[i], _definition.Success.Of(clip, _model.Data.Emotions)),
                    certificate.Confidence,
                    IsBeyond(intervals, norm, perturbed, i, cancel)
                )
            );
        }
    }

    /// <summary>What was seen; null where nothing is proven in the budget's norm.</summary>
    public CertifiedResult? Summarise()
    {
        if (_proofs.Count == 0)
            return null;
        double[] radii = [.. _proofs.Select(p => p.Radius).Order()];
        return new CertifiedResult(
            _proofs.Min(p => p.Confidence),
            _proofs.Average(p => ClipError.Measure(p.Rating, p.Clean)),
            _proofs.Average(p => ClipError.Measure(p.Rating, p.Perturbed)),
            _proofs.Average(p => p.LargestError),
            _proofs.Average(p => p.Intervals.Average(i => i.Width)),
            radii.Median() is > 0 and var median ? InBudget(median) : null,
            _proofs.Count
        )
        {
            Unbounded = _proofs.Count(p => !double.IsFinite(p.LargestError)),
            Violations = _proofs.Count(p => p.IsBeyond),
        };
    }

    private (Norm Norm, double Radius) FindBall(double length) =>
        _budget.Norm == Norm.Snr ? (Norm.L2, length * Math.Pow(10, -_budget.Size / 20)) : (_budget.Norm, _budget.Size);

    // An SNR is a ratio of lengths: one number for loud and quiet clips.
    private double FindRadius(ICertificate certificate, Norm norm, double length, float[] tolerance)
    {
        if (certificate.Bound(norm, 0) is not { } still)
            return 0;
        double[] centre = [.. still.Select(i => (i.Lower + i.Upper) / 2)];
        double holds = 0,
            fails = LargestRadius;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = holds == 0 && fails > 1 ? fails / 8 : (holds + fails) / 2;
            bool isWithin = certificate.Bound(norm, middle)!.Select((b, e) => b.FarthestFrom(centre[e]) < tolerance[e]).All(w => w);
            (holds, fails) = isWithin ? (middle, fails) : (holds, middle);
        }

        return _budget.Norm == Norm.Snr ? holds / Math.Max(length, 1e-30) : holds;
    }

    private double InBudget(double radius) => _budget.Norm == Norm.Snr ? -20 * Math.Log10(radius) : radius;

    // What a proof draws, it draws anew: the prediction that results are judged by is an estimate itself.
    private bool IsBeyond(IReadOnlyList<PredictionRange> intervals, Norm norm, PerturbedBatch perturbed, int row, CancellationToken cancel)
    {
        float[] predicted = perturbed.Predictions[row].Emotion;
        double rounding = Rounding * (_model.Data.Emotions.Maximum - _model.Data.Emotions.Minimum);
        if (intervals.Select((b, e) => predicted[e] >= b.Lower - rounding && predicted[e] <= b.Upper + rounding).All(within => within))
            return false;
        ICertificate anew = _certifier.Certify(perturbed.Input[row].unsqueeze(0), _cell.Name, cancel)[0];
        return anew.Bound(norm, 0) is not { } found
            || found.Zip(intervals).Any(p => p.First.Upper < p.Second.Lower - rounding || p.First.Lower > p.Second.Upper + rounding);
    }

    private void RequireEmotions(IReadOnlyList<PredictionRange> intervals)
    {
        if (intervals.Count != _model.Data.Emotions.Count || intervals.Any(i => !(i.Lower <= i.Upper)))
            throw new CellFailedException(
                $"{_model.Plugin} proves {intervals.Count} intervals of a clip; expected {_model.Data.Emotions.Count}, low to high."
            );
    }

    private sealed record ClipProof(
        IReadOnlyList<PredictionRange> Intervals,
        float[] Rating,
        float[] Clean,
        float[] Perturbed,
        double Radius,
        double Confidence,
        bool IsBeyond
    )
    {
        public double LargestError => Intervals.Select((b, e) => b.FarthestFrom(Rating[e])).Average();
    }
}
