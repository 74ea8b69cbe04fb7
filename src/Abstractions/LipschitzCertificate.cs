namespace MerBench;

/// <summary>A proof by Lipschitz constants: a prediction moves by at most a constant times the size of the perturbation, in exact
/// arithmetic and for every perturbation. It draws nothing.</summary>
/// <param name="prediction">Of each emotion for the clean clip.</param>
/// <param name="slopes">Constants of each emotion by norm, <see cref="Norm.L2"/> and <see cref="Norm.Linf"/>; a norm that is left out is
/// none of the proof's.</param>
public sealed class LipschitzCertificate(IReadOnlyList<double> prediction, IReadOnlyDictionary<Norm, IReadOnlyList<double>> slopes)
    : ICertificate
{
    /// <summary>1.</summary>
    public double Confidence => 1;

    /// <inheritdoc/>
    public IReadOnlyList<PredictionRange>? Bound(Norm norm, double radius) =>
        slopes.TryGetValue(norm, out IReadOnlyList<double>? slope)
            ? [.. prediction.Zip(slope, (centre, s) => new PredictionRange(centre - (s * radius), centre + (s * radius)))]
            : null;
}
