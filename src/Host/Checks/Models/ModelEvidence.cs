namespace MerBench.Host.Checks.Models;

/// <summary>What a check of a model may look at. Each part is gathered when it is first asked for, and once.</summary>
internal sealed class ModelEvidence
{
    private readonly Lazy<PredictionEvidence>? _predictions;
    private readonly Lazy<GradientEvidence?>? _gradient;
    private readonly Lazy<ArithmeticEvidence>? _arithmetic;

    /// <summary>The width of the rating scale.</summary>
    public required double Scale { get; init; }

    /// <summary>Whether gradients are those of stand-ins, by intent.</summary>
    public bool HasStandInGradient { get; init; }

    public PredictionEvidence Predictions => Require(_predictions);

    /// <summary>Null where predictions depend on inputs by no differentiable path.</summary>
    public GradientEvidence? Gradient => Require(_gradient);

    public ArithmeticEvidence Arithmetic => Require(_arithmetic);

    public Func<PredictionEvidence> GatherPredictions
    {
        init => _predictions = new Lazy<PredictionEvidence>(value);
    }

    public Func<GradientEvidence?> GatherGradient
    {
        init => _gradient = new Lazy<GradientEvidence?>(value);
    }

    public Func<ArithmeticEvidence> GatherArithmetic
    {
        init => _arithmetic = new Lazy<ArithmeticEvidence>(value);
    }

    private static T Require<T>(Lazy<T>? part) =>
        part is null ? throw new InvalidOperationException($"This check looks at {typeof(T).Name}, which was not offered.") : part.Value;
}
