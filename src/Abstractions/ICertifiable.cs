using static TorchSharp.torch;

namespace MerBench;

/// <summary>A model that proves how far a perturbation within a budget can move its prediction. Optional. The host holds every attack
/// against the proof.</summary>
public interface ICertifiable : IModel
{
    /// <summary>Examines clean clips.</summary>
    /// <param name="clips">As the model reads them, <c>[B, ...]</c>.</param>
    /// <param name="random">One stream a clip, for proofs that draw.</param>
    /// <param name="cancel">Cancels the examination.</param>
    /// <returns>One for each clip.</returns>
    IReadOnlyList<ICertificate> Certify(Tensor clips, IReadOnlyList<RandomStream> random, CancellationToken cancel);
}

/// <summary>What is proven of one clip.</summary>
public interface ICertificate
{
    /// <summary>With which probability all of <see cref="Bound"/> holds, over what the proof draws; 1 for a proof that draws
    /// nothing.</summary>
    double Confidence { get; }

    /// <summary>Where the predictions of all perturbed clips lie whose perturbation is not larger than a radius.</summary>
    /// <param name="norm"><see cref="Norm.Linf"/> or <see cref="Norm.L2"/>.</param>
    /// <param name="radius">In the units of the model's input, at least 0.</param>
    /// <returns>An interval for each emotion, infinite where nothing is proven; null where the norm is none of the proof's.</returns>
    IReadOnlyList<PredictionRange>? Bound(Norm norm, double radius);
}

/// <summary>Numbers from one to another, both included.</summary>
public readonly record struct PredictionRange(double Lower, double Upper)
{
    /// <summary>Its length; infinite where an end is.</summary>
    public double Width => Upper - Lower;

    /// <summary>The largest distance between a number and one of the interval.</summary>
    public double FarthestFrom(double value) => Math.Max(Math.Abs(value - Lower), Math.Abs(Upper - value));
}
