using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Attacks the first few clips of a cell once more, as somebody does who does not know that the model is defended.</summary>
/// <param name="model">The defended model.</param>
/// <param name="unaware">The cell's attack on the model behind the defence.</param>
/// <param name="batches">Of that model.</param>
internal sealed class Adaptation(LoadedModel model, IPerturber unaware, CellBatches batches, Domain domain)
{
    private const int MostClips = 8;

    /// <param name="attacked">What the cell found, all clips in order.</param>
    /// <param name="asked">Calls of the defended model by the cell's attack.</param>
    public AdaptationResult Compare(IReadOnlyList<ClipRow> attacked, long asked, CancellationToken cancel)
    {
        unaware.Fit(null, cancel);
        ClipRow[] few = [.. attacked.Take(MostClips)];
        UnawareErrors[] errors =
        [
            .. batches
                .Ranges.TakeWhile(range => range.First < few.Length)
                .SelectMany(range => Attack(range.First, Math.Min(range.End, few.Length), cancel)),
        ];
        IDefendedModel defended = model.Defended!;
        return new AdaptationResult(
            defended.Undefended,
            few.Length,
            errors.Average(e => e.UndefendedClean),
            errors.Average(e => e.UndefendedAttacked),
            few.Average(c => c.Error.Clean),
            errors.Average(e => e.Unadapted),
            few.Average(c => c.Error.Perturbed),
            defended.IsAdaptive && asked > 0
        );
    }

    private UnawareErrors[] Attack(int first, int end, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        cancel.ThrowIfCancellationRequested();
        CellBatch batch = batches.Take(first, end, unaware.Precision, null, cancel);
        PerturbedBatch perturbed = unaware.Perturb(batch, cancel);
        IReadOnlyList<Prediction> behind = model.Predict(perturbed.Input, domain);
        return
        [
            .. batch.Clips.Select(
                (clip, i) =>
                    new UnawareErrors(
                        ClipError.Measure(clip.Emotion, batch.Clean[i].Emotion),
                        ClipError.Measure(clip.Emotion, perturbed.Predictions[i].Emotion),
                        ClipError.Measure(clip.Emotion, behind[i].Emotion)
                    )
            ),
        ];
    }

    // Of one clip.
    private readonly record struct UnawareErrors(double UndefendedClean, double UndefendedAttacked, double Unadapted);
}
