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

    /// <summary>Ratings over time; null where the dataset has none.</summary>
    public CurveReference? Curve { get; init; }

    /// <summary>The same for other clips, or some of them.</summary>
    /// <param name="rows">Their rows.</param>
    public ClipReference Select(IReadOnlyList<int> rows)
    {
        return new ClipReference(Rows(Ratings))
        {
            Clean = Clean?.Select(rows),
            Tolerance = Tolerance is { } tolerance ? Rows(tolerance) : null,
            Curve = Curve is { } curve ? curve with { Ratings = Rows(curve.Ratings) } : null,
        };

        Tensor Rows(Tensor all) => all.index_select(0, tensor(rows.Select(r => (long)r).ToArray(), device: all.device));
    }

    /// <summary>The change of each emotion against the clean prediction, in multiples of its tolerance, <c>[B, E]</c>.</summary>
    /// <param name="output">The model's output.</param>
    /// <exception cref="InvalidOperationException">Clean predictions or tolerances are not known.</exception>
    public Tensor EmotionShift(ModelOutput output) => (output.Emotion - RequireClean().Emotion) / RequireTolerance();

    internal ModelOutput RequireClean() => Clean ?? throw new InvalidOperationException("This objective needs the clean predictions.");

    internal Tensor RequireTolerance() => Tolerance ?? throw new InvalidOperationException("This objective needs tolerances.");
}

/// <summary>Ratings of a batch over time.</summary>
/// <param name="Ratings">Ratings <c>[B, K, E]</c>; NaN where nobody rated.</param>
/// <param name="Moments">When they are.</param>
public sealed record CurveReference(Tensor Ratings, RatedMoments Moments);
