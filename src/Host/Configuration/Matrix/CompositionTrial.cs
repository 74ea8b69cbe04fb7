using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>Puts a model together from parts that answer nothing: what it then reads, and whether its options fit its parts, is known
/// before anything is trained.</summary>
internal static class CompositionTrial
{
    /// <param name="parts">The model's parts, in the order of its options, with what they read.</param>
    /// <exception cref="PluginUserException">The options do not fit each other or the parts. A plugin's code may throw anything
    /// else.</exception>
    public static Domain AskInput(ModelDefinition model, IEnumerable<(string Name, Domain Input)> parts)
    {
        using var instance = model.Use.Create<IModel>();
        (instance as IComposedModel)?.Compose([.. parts.Select(p => new ModelPart(p.Name, p.Input, _ => Refuse, (_, _) => Refuse))]);
        return instance.Input;
    }

    private static ModelOutput Refuse(TorchSharp.torch.Tensor input) =>
        throw new InvalidOperationException("A part is asked before the model is built.");
}
