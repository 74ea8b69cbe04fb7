using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>A model's output for one clip.</summary>
internal sealed record Prediction(float[] Emotion, float[]? Concepts)
{
    /// <summary>Emotions at the moments that the dataset rates, moment by moment; null where it rates clips as wholes.</summary>
    public float[]? Curve { get; init; }

    /// <summary>The standard deviation of each emotion; null where the model predicts none.</summary>
    public float[]? Spread { get; init; }

    /// <summary>Predictions of several clips as a model's output.</summary>
    public static ModelOutput Stack(IReadOnlyList<Prediction> predictions, Device device)
    {
        return new ModelOutput(Rows(p => p.Emotion)!, Rows(p => p.Concepts))
        {
            Curve = Rows(p => p.Curve)?.view(predictions.Count, -1, predictions[0].Emotion.Length),
        };

        Tensor? Rows(Func<Prediction, float[]?> part) =>
            part(predictions[0]) is null ? null : stack([.. predictions.Select(p => tensor(part(p)!))]).to(device);
    }
}
