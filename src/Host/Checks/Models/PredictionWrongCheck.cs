using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Checks.Models;

/// <summary>Predictions in float32 must be those of the same model in float64; where there is none, nothing is said.</summary>
internal sealed class PredictionWrongCheck : IModelCheck
{
    /// <summary>What fp32 may lose of a prediction, as a share of the rating scale or of the largest prediction.</summary>
    public const double Tolerance = 1e-4;

    public string Id => "prediction-wrong";

    public CheckScope Scope => CheckScope.Predictions;

    public IReadOnlyList<IModelCheck> Presumes => [new RandomModelCheck(), new TrainModeCheck()];

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        ArithmeticEvidence arithmetic = model.Arithmetic;
        if (arithmetic.Exact is not { } exact)
            yield break;
        double allowed = Tolerance * Math.Max(model.Scale, exact.Emotion.abs().max().item<double>());
        double apart = Measure(arithmetic, exact.Emotion);
        string expected = FormattableString.Invariant($"those of the same model in float64, where {allowed:g2} is allowed");
        if (!(apart <= allowed))
            yield return this.Doubt($"its predictions in fp32 are {apart:g2} from {expected}: {ArithmeticEvidence.Suspects}");
    }

    private static double Measure(ArithmeticEvidence arithmetic, Tensor exact)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        double apart = 0;
        for (int pass = 0; pass < ArithmeticEvidence.Passes; pass++)
        {
            foreach (Func<Tensor, ModelOutput> map in new[] { arithmetic.Forms.Judged, arithmetic.Forms.Attacked })
            {
                double found = (map(arithmetic.Probe.Input).Emotion - exact).abs().max().item<double>();
                if (!(found <= apart))
                    apart = found;
            }
        }

        return apart;
    }
}
