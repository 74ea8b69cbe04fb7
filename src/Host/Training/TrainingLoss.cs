using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>What training minimises and what early stopping watches, for one batch's or one split's predictions.</summary>
internal static class TrainingLoss
{
    /// <summary>(1-w) MSE(emotion) + w MSE(concepts).</summary>
    public static Tensor Compute(ModelOutput output, Tensor emotion, Tensor? concepts, double conceptWeight)
    {
        Tensor loss = nn.functional.mse_loss(output.Emotion, emotion);
        return conceptWeight == 0
            ? loss
            : ((1 - conceptWeight) * loss) + (conceptWeight * nn.functional.mse_loss(output.Concepts!, concepts!));
    }

    /// <summary>The mean over columns of Pearson's r; a column that does not vary on either side counts as -1, so that any model that has
    /// learnt something is better.</summary>
    public static double MeanCorrelation(Tensor predicted, Tensor truth)
    {
        using var scope = NewDisposeScope();
        Tensor p = predicted.cpu().to(float64),
            t = truth.cpu().to(float64);
        (p, t) = (p - p.mean([0], keepdim: true), t - t.mean([0], keepdim: true));
        Tensor varies = Varies(predicted).logical_and(Varies(truth));
        Tensor r = (p * t).sum([0]) / (p.square().sum([0]) * t.square().sum([0])).sqrt();
        return where(varies, r, -ones_like(r)).mean().item<double>();
    }

    private static Tensor Varies(Tensor values) => (values.amax([0]) > values.amin([0])).cpu();
}
