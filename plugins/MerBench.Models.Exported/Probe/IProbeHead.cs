using static TorchSharp.torch;

namespace MerBench.Models.Exported.Probe;

/// <summary>Embeddings with their ratings.</summary>
/// <param name="Values">Embeddings <c>[N, D]</c>.</param>
/// <param name="Ratings"><c>[N, E]</c>.</param>
internal sealed record EmbeddedClips(Tensor Values, Tensor Ratings)
{
    /// <summary>In another format, on another device.</summary>
    public EmbeddedClips To(ScalarType type, Device device) => new(Values.to(type, device), Ratings.to(type, device));
}

/// <summary>What stands on an encoder: from embeddings to ratings.</summary>
internal interface IProbeHead : IDisposable
{
    /// <summary>Its parameters by name.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Ratings <c>[B, E]</c> for embeddings <c>[B, D]</c>; differentiable.</summary>
    Tensor Predict(Tensor embeddings);

    /// <summary>Fits it.</summary>
    /// <param name="training">What it is fitted to.</param>
    /// <param name="validation">What it is chosen by; null where there is none.</param>
    /// <param name="cancel">Cancels the fit.</param>
    void Fit(EmbeddedClips training, EmbeddedClips? validation, CancellationToken cancel);

    /// <summary>Computes in float64 from now on.</summary>
    void ToDouble();
}
