using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>What training minimises and what early stopping watches, for one batch's or one split's predictions.</summary>
internal static class TrainingLoss
{
    /// <summary>(1-w) loss of emotions + w MSE(concepts).</summary>
    public static Tensor Compute(Tensor ofEmotions, ModelOutput output, Tensor? concepts, double conceptWeight) =>
        conceptWeight == 0
            ? ofEmotions
            : ((1 - conceptWeight) * ofEmotions) + (conceptWeight * nn.functional.mse_loss(output.Concepts!, concepts!));

    /// <summary>MSE over moments and emotions that somebody rated.</summary>
    /// <param name="predicted">Curves <c>[B, K, E]</c>.</param>
    /// <param name="rated">Ratings <c>[B, K, E]</c>, NaN where nobody rated.</param>
    public static Tensor MeasureCurves(Tensor predicted, Tensor rated)
    {
        Tensor unrated = rated.isnan();
        Tensor squares = (predicted - where(unrated, predicted.detach(), rated)).square();
        return squares.sum() / unrated.logical_not().sum().clamp_min(1);
    }

    /// <summary>The mean over columns of Pearson's r; a column that does not vary on either side counts as -1, so that any model that has
    /// learnt something is better. Of curves <c>[B, K, E]</c> all moments that somebody rated count alike.</summary>
    public static double MeanCorrelation(Tensor predicted, Tensor truth)
    {
        using var scope = NewDisposeScope();
        Tensor p = Columns(predicted),
            t = Columns(truth);
        Tensor rated = t.isnan().any(1).logical_not();
        (p, t) = (p[rated], t[rated]);
        Tensor varies = Varies(p).logical_and(Varies(t));
        (p, t) = (p - p.mean([0], keepdim: true), t - t.mean([0], keepdim: true));
        Tensor r = (p * t).sum([0]) / (p.square().sum([0]) * t.square().sum([0])).sqrt();
        return where(varies, r, -ones_like(r)).mean().item<double>();
    }

    private static Tensor Columns(Tensor values) => values.cpu().to(float64).reshape(-1, values.shape[^1]);

    private static Tensor Varies(Tensor values) => values.amax([0]) > values.amin([0]);
}
