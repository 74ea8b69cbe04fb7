using static TorchSharp.torch;

namespace MerBench.Models.Baselines;

/// <summary>
/// How fast predictions of <see cref="RidgeModel"/> can change. Let a prediction weigh mean, deviation and change of a band over T frames
/// by a, b and c, each divided by what the statistic is standardised with. A perturbation of a band is a constant m and a rest of length p
/// without mean: m moves the mean alone; the rest moves the deviation by at most p / sqrt(T), as it is the length of a vector without its
/// mean, and the change by at most 2 cos(pi / 2T) p / sqrt(T - 1), the norm of the matrix of differences. With T m^2 + p^2 = r^2 (Cauchy
/// and Schwarz, within a band and over bands) that gives the constants, which a prediction that weighs means alone attains.
/// </summary>
internal static class RidgeLipschitz
{
    /// <summary>Constants of each emotion.</summary>
    /// <param name="deviation">That statistics are divided by, <c>[3F]</c>.</param>
    /// <param name="weight">Of standardised statistics, <c>[3F, E]</c>.</param>
    /// <param name="frames">T, at least 2.</param>
    public static IReadOnlyDictionary<Norm, IReadOnlyList<double>> Compute(Tensor deviation, Tensor weight, long frames)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts = (weight.to(float64) / deviation.to(float64).unsqueeze(1)).abs().chunk(3, 0);
        (Tensor a, Tensor b, Tensor c) = (parts[0], parts[1], parts[2]);
        double differences = 2 * Math.Cos(Math.PI / (2 * frames));
        Tensor rest = (b / Math.Sqrt(frames)) + (c * (differences / Math.Sqrt(frames - 1)));
        return new Dictionary<Norm, IReadOnlyList<double>>
        {
            [Norm.L2] = Read(((a.square() / frames) + rest.square()).sum([0]).sqrt()),
            [Norm.Linf] = Read((a + b + (2 * c)).sum([0])),
        };
    }

    private static double[] Read(Tensor values) => values.cpu().data<double>().ToArray();
}
