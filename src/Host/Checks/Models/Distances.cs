using static TorchSharp.torch;

namespace MerBench.Host.Checks.Models;

/// <summary>How far two tensors of one shape are apart.</summary>
internal static class Distances
{
    /// <summary>The largest difference of any element, in float64; 0 where there is none.</summary>
    public static double Largest(Tensor a, Tensor b) =>
        a.numel() == 0 ? 0 : (a.to(ScalarType.Float64) - b.to(ScalarType.Float64)).abs().max().item<double>();
}
