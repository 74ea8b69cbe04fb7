using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>A model's output for one clip.</summary>
internal sealed record Prediction(float[] Emotion, float[]? Concepts)
{
    /// <summary>Predictions of several clips as a model's output.</summary>
    public static ModelOutput Stack(IReadOnlyList<Prediction> predictions, Device device) =>
        new(
            stack([.. predictions.Select(p => tensor(p.Emotion))]).to(device),
            predictions[0].Concepts is null ? null : stack([.. predictions.Select(p => tensor(p.Concepts!))]).to(device)
        );
}
