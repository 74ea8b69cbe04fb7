using System.Globalization;
using MerBench.Models.Exported.Adapter;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx;

/// <summary>A translated graph whose answers are held to OnnxRuntime's.</summary>
/// <param name="translated">Whose answers are returned.</param>
/// <param name="isHalf">Whether the graph computes in half precision, and rounds behind each node.</param>
internal sealed class ComparedModule(OnnxModule translated, RuntimeModule runtime, bool isHalf) : IExportedModule
{
    private const double MostDifferent = 1e-5;

    // Half precision keeps eleven bits; some nodes behind each other lose a few of them.
    private const double MostDifferentInHalf = 1e-2;

    /// <inheritdoc/>
    public string File => translated.File;

    /// <inheritdoc/>
    public ModuleMetadata Metadata => translated.Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<long?>? DeclaredInput => translated.DeclaredInput;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => translated.State;

    /// <inheritdoc/>
    /// <exception cref="PluginUserException">The answers differ by more than rounding.</exception>
    public NamedOutputs Forward(Tensor input)
    {
        NamedOutputs answers = translated.Forward(input);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        NamedOutputs expected = runtime.Forward(input);
        for (int i = 0; i < expected.Tensors.Count; i++)
            Require(answers.Tensors[i], expected.Tensors[i], expected.Names![i]);
        return answers;
    }

    /// <summary>Both are the caller's.</summary>
    public void Dispose() { }

    private void Require(Tensor answer, Tensor expected, string name)
    {
        if (!answer.shape.SequenceEqual(expected.shape))
            throw Refusal(
                $"is of shape [{string.Join(", ", answer.shape)}] in torch and [{string.Join(", ", expected.shape)}] in OnnxRuntime"
            );
        if (expected.numel() == 0)
            return;
        Tensor known = expected.to(ScalarType.Float64);
        double largest = known.abs().max().item<double>(),
            difference = known.sub(answer.to(ScalarType.Float64)).abs().max().item<double>();
        // What is infinite or no number in both is an answer of the model, which the host refuses by its own words.
        if (!double.IsFinite(difference) && answer.isfinite().eq(expected.isfinite()).all().item<bool>())
            return;
        if (!(difference <= (isHalf ? MostDifferentInHalf : MostDifferent) * largest))
            throw Refusal(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"differs by up to {difference:g3} between torch and OnnxRuntime, where it reaches {largest:g3}"
                )
            );

        PluginUserException Refusal(string how) =>
            new(
                $"{File} is not translated rightly: its output '{name}' {how}. That is a fault of MerBench, which is glad of a report; "
                    + $"export "
                    + $"the model with another opset, or as TorchScript."
            );
    }
}
