using System.Globalization;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>
/// With a budget that allows anything, an attack must do at least as much harm as a model that predicts the mean of the training ratings; one that does not is stopped by something else than its budget
/// (Carlini et al. 2019, arXiv 1902.06705, section 4.3: unbounded attacks must succeed).
/// </summary>
internal static class HugeBudget
{
    private const double LinfOfFeatures = 30,
        SnrDb = -30;

    // For a model that is worse than the mean already: half of the mean's error on top.
    private const double LeastRise = 0.5;

    /// <summary>A budget of the same norm that allows anything.</summary>
    /// <param name="elements">Elements of one clip.</param>
    public static Budget Like(Budget budget, Box? box, long elements)
    {
        double widest = box is { } b ? b.Maximum - b.Minimum : LinfOfFeatures;
        return budget.Norm switch
        {
            Norm.Linf => new Budget(Norm.Linf, Math.Max(widest, budget.Size)),
            Norm.L2 => new Budget(Norm.L2, Math.Max(widest * Math.Sqrt(elements), budget.Size)),
            _ => new Budget(Norm.Snr, Math.Min(SnrDb, budget.Size)),
        };
    }

    /// <param name="clean">Clean predictions <c>[B, E]</c>.</param>
    /// <param name="predicted">Predictions at the huge budget <c>[B, E]</c>.</param>
    /// <param name="ratings">Ratings <c>[B, E]</c>.</param>
    /// <param name="mean">Mean training ratings <c>[E]</c>.</param>
    public static Doubt? Judge(Tensor clean, Tensor predicted, Tensor ratings, Tensor mean, Budget huge)
    {
        using var scope = NewDisposeScope();
        double reached = Error(predicted),
            ofMean = Error(mean.unsqueeze(0)),
            wanted = Math.Max(ofMean, Error(clean) + (ofMean * LeastRise));
        return reached >= wanted
            ? null
            : new Doubt(
                "huge-budget",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"at {huge}, which allows anything, it reaches an MAE of {reached:0.000} where at least {wanted:0.000} is expected (the mean rating has {ofMean:0.000}): its steps are too short, or something hides the gradient"
                )
            );

        double Error(Tensor prediction) => (prediction - ratings).abs().mean().item<float>();
    }
}
