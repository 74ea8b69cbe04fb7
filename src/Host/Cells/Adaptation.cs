using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Attacks the first few clips of a cell once more, as somebody does who does not know that the model is defended.</summary>
/// <param name="unaware">The cell's attack on the model behind the defence.</param>
/// <param name="batches">Of that model.</param>
internal sealed class Adaptation(LoadedModel model, IPerturber unaware, CellBatches batches, Domain domain)
{
    private const int MostClips = 8;

    /// <summary>How many clips of a batch are attacked.</summary>
    public static int CountClips(int batch) => Math.Min(MostClips, batch);

    /// <param name="attacked">What the cell found, all clips in order.</param>
    /// <param name="asked">Calls of the defended model by the cell's attack.</param>
    public AdaptationResult Compare(IReadOnlyList<ClipRow> attacked, long asked, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        IDefendedModel defended = model.Defended!;
        unaware.Fit(null, cancel);
        CellBatch batch = batches.Take(0, Math.Min(CountClips(batches.Size), batches.Clips), unaware.Precision, null, cancel);
        PerturbedBatch perturbed = unaware.Perturb(batch, cancel);
        ClipRow[] few = [.. attacked.Take(batch.Clips.Count)];
        return new AdaptationResult(
            defended.Undefended,
            few.Length,
            Error(batch.Clean),
            Error(perturbed.Predictions),
            few.Average(c => c.Error.Clean),
            Error(model.Predict(perturbed.Input, domain)),
            few.Average(c => c.Error.Perturbed),
            defended.IsAdaptive && asked > 0
        );

        double Error(IReadOnlyList<Prediction> predictions) =>
            predictions
                .Select((p, i) => p.Emotion.Select((value, e) => (double)Math.Abs(value - batch.Clips[i].Emotion[e])).Average())
                .Average();
    }
}
