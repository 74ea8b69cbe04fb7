using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What a module returned: one tensor, or several in order.</summary>
/// <param name="Tensors">At least one.</param>
/// <param name="Names">A name for each; null where they have none, as those of a tuple.</param>
public sealed record NamedOutputs(IReadOnlyList<Tensor> Tensors, IReadOnlyList<string>? Names = null)
{
    /// <summary>The position of an output by its name, or by its number counted from 0; -1 where there is none.</summary>
    public int Find(string nameOrIndex) => OutputName.Find(nameOrIndex, Names, Tensors.Count);

    /// <summary>What there is to choose from, for messages.</summary>
    public string Describe() => OutputName.Describe(Names, Tensors.Count);
}
