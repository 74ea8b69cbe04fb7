namespace MerBench.Host.Arithmetic;

/// <summary>What a self-test of libtorch found under one setting.</summary>
/// <param name="Operations">How many operations were computed.</param>
/// <param name="Faults">Those that were wrong, with their worst part.</param>
/// <param name="Speed">How long convolutions take.</param>
/// <param name="Seconds">How long the test took.</param>
public sealed record ArithmeticFindings(int Operations, IReadOnlyList<ArithmeticFault> Faults, ConvolutionSpeed Speed, double Seconds);

/// <summary>Milliseconds of a convolution of 64 to 64 channels with its gradients, the median of a few.</summary>
public sealed record ConvolutionSpeed(double Fp32, double Bf16);

/// <summary>An operation that libtorch computes wrongly.</summary>
/// <param name="Operation">Which, with its shape.</param>
/// <param name="Part">Value, gradient to the input, gradient to weights, or how it failed.</param>
/// <param name="Error">The largest error, as a share of the largest value; null for NaN and infinity, and where it failed.</param>
/// <param name="FillsBlocks">False where channels fill no whole blocks of 16, which some models do without.</param>
public sealed record ArithmeticFault(string Operation, string Part, double? Error, bool FillsBlocks)
{
    public override string ToString() =>
        Error is { } error
            ? FormattableString.Invariant($"{Operation}: {Part} off by {error:0.0 %}")
            : $"{Operation}: {Part}{(Part.StartsWith("failed", StringComparison.Ordinal) ? "" : " not a number")}";
}
