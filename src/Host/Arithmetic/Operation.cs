using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>One operation of libtorch at one shape, as the self-test computes it.</summary>
/// <param name="Name">For people, such as <c>convolution 8 to 8, 3x3</c>.</param>
/// <param name="Summands">How many products each value sums.</param>
/// <param name="Create">Makes its inputs and the way to compute it.</param>
internal sealed record Operation(string Name, Summands Summands, Func<Draw, Computation> Create)
{
    /// <summary>
    /// Whether, besides a single input channel, all its channels fill blocks of 16, in which oneDNN computes with AVX-512. What does not
    /// is wrong on processors where the rest of a block is not zeroed; models may do without it.
    /// </summary>
    public bool FillsBlocks { get; init; } = true;

    /// <summary>The format that is compared with float64.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

    /// <summary>Whether one thread computes it; else all do.</summary>
    public bool OnOneThread { get; init; }
}

/// <summary>
/// How many products a value sums: going forward, in the gradient to the input and in the gradient to weights. Rounding grows with their
/// root.
/// </summary>
internal readonly record struct Summands(double Forward, double ToInput, double ToWeights)
{
    public static implicit operator Summands(double all) => new(all, all, all);
}

/// <summary>An operation ready to be computed.</summary>
/// <param name="Leaves">The input, then weights, if any: what it is differentiated by.</param>
/// <param name="Forward">Computes it from them.</param>
internal sealed record Computation(IReadOnlyList<Tensor> Leaves, Func<Tensor> Forward);

/// <summary>Draws the same values in every format: float32 in the beginning, so that nothing is rounded on the way to float64.</summary>
/// <param name="type">The format that is handed out.</param>
/// <param name="rounded">The format that values are rounded to in any case.</param>
internal sealed class Draw(ulong seed, ScalarType type, ScalarType rounded, Device device) : IDisposable
{
    private readonly Generator _generator = new(seed);

    /// <summary>Standard normal values times a scale, to be differentiated by.</summary>
    public Tensor Normal(double scale, params long[] shape) =>
        (randn(shape, generator: _generator) * scale).to(rounded).to(type).to(device).detach().requires_grad_();

    /// <summary>A module of torch with parameters drawn anew.</summary>
    public TModule Module<TModule>(TModule module, double scale)
        where TModule : nn.Module
    {
        using var guard = no_grad();
        foreach (TorchSharp.Modules.Parameter parameter in module.parameters())
            parameter.copy_(randn(parameter.shape, generator: _generator) * scale);
        module.to(type);
        module.to(device);
        return module;
    }

    public void Dispose() => _generator.Dispose();
}
