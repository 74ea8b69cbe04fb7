using static TorchSharp.torch;

namespace MerBench;

/// <summary>What objectives compare the predictions of a batch with.</summary>
/// <param name="Ratings">Ratings <c>[B, E]</c>.</param>
public sealed record ClipReference(Tensor Ratings)
{
    /// <summary>The model's output for the clean clips, detached; null where it is not known.</summary>
    public ModelOutput? Clean { get; init; }

    /// <summary>How far a prediction may move before a listener would call it another one, <c>[B, E]</c>, above 0, in rating units; null
    /// where it is not known.</summary>
    public Tensor? Tolerance { get; init; }

    /// <summary>The change of each emotion against the clean prediction, in multiples of its tolerance, <c>[B, E]</c>.</summary>
    /// <param name="output">The model's output.</param>
    /// <exception cref="InvalidOperationException">Clean predictions or tolerances are not known.</exception>
    public Tensor EmotionShift(ModelOutput output) => (output.Emotion - RequireClean().Emotion) / RequireTolerance();

    internal ModelOutput RequireClean() => Clean ?? throw new InvalidOperationException("This objective needs the clean predictions.");

    internal Tensor RequireTolerance() => Tolerance ?? throw new InvalidOperationException("This objective needs tolerances.");
}
