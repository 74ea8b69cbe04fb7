using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>How far gradients are from exact ones, in direction and length: the worst of all clips. NaN where one holds NaN.</summary>
/// <param name="Cosine">Of the angle between the two.</param>
/// <param name="Length">As a multiple of the exact one's.</param>
internal readonly record struct GradientDistance(double Cosine, double Length)
{
    /// <summary>What fp32 may lose of a gradient's direction.</summary>
    public const double LeastCosine = 0.999;

    /// <summary>What fp32 may lose of a gradient's length.</summary>
    public const double LengthTolerance = 0.01;

    // Behind a saturated output nothing is left but rounding; another check says so.
    private const double Vanished = 1e-6;

    /// <param name="gradients">Gradients <c>[B, ...]</c>.</param>
    /// <param name="exact">The same, in float64.</param>
    public static GradientDistance Between(Tensor gradients, Tensor exact)
    {
        using var scope = NewDisposeScope();
        Tensor found = gradients.to(ScalarType.Float64).flatten(1);
        Tensor truth = exact.to(ScalarType.Float64).flatten(1);
        double[] products = Doubles((found * truth).sum(1));
        double[] lengths = Doubles(found.norm(1));
        double[] exactLengths = Doubles(truth.norm(1));
        double least = Vanished * exactLengths.Median();
        var worst = new GradientDistance(1, 1);
        for (int clip = 0; clip < lengths.Length; clip++)
        {
            if (exactLengths[clip] <= least && lengths[clip] <= least)
                continue;
            double cosine = products[clip] / (lengths[clip] * exactLengths[clip]);
            worst = worst.OrWorse(new GradientDistance(cosine, lengths[clip] / exactLengths[clip]));
        }

        return worst;
    }

    public GradientDistance OrWorse(GradientDistance other) =>
        new(other.Cosine >= Cosine ? Cosine : other.Cosine, Math.Abs(other.Length - 1) <= Math.Abs(Length - 1) ? Length : other.Length);

    public bool IsWithin(double leastCosine, double lengthTolerance) => Cosine >= leastCosine && Math.Abs(Length - 1) <= lengthTolerance;

    public override string ToString() => FormattableString.Invariant($"cosine {Cosine:0.0000}, length {Length:0.000} times the right one");

    private static double[] Doubles(Tensor values) => values.cpu().data<double>().ToArray();
}
