using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>One model in one domain, in the forms whose arithmetic is compared: maps from inputs to its output.</summary>
/// <param name="Judged">By which results are judged, in float32.</param>
/// <param name="Attacked">As attacks see it in fp32.</param>
/// <param name="Exact">The same model in float64; null where no copy can be had.</param>
internal sealed record ModelForms(Func<Tensor, ModelOutput> Judged, Func<Tensor, ModelOutput> Attacked, Func<Tensor, ModelOutput>? Exact)
{
    /// <summary>As attacks see it in the benchmark's precision, where that is another than fp32.</summary>
    public (Func<Tensor, ModelOutput> Map, Precision Precision)? Rounded { get; init; }
}
