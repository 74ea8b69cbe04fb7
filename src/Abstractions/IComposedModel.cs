using static TorchSharp.torch;

namespace MerBench;

/// <summary>
/// A model made of other models of the benchmark, such as an ensemble. Its options name them, in parameters with <c>[ModelName]</c>; the
/// host makes them ready first, at the same seed, and hands them over before it asks anything else, <see cref="IModel.Input"/> included.
/// Its <see cref="IModel.State"/> holds what is its own.
/// </summary>
public interface IComposedModel : IModel
{
    /// <summary>Takes the models that the options name, in their order.</summary>
    /// <param name="parts">At least one; they belong to the host, which disposes them.</param>
    /// <exception cref="PluginUserException">They do not fit each other.</exception>
    void Compose(IReadOnlyList<ModelPart> parts);
}

/// <summary>A model that another one is made of: trained, in evaluation mode, every output checked.</summary>
/// <param name="Name">Its name in the benchmark.</param>
/// <param name="Input">What it reads. Waveforms reach a model of features through the front end.</param>
/// <param name="From">What it predicts for inputs of a domain; differentiable with respect to them.</param>
/// <param name="FromFrozen">The same in the form for attacks (<see cref="IFreezable"/>), where it has one.</param>
public sealed record ModelPart(
    string Name,
    Domain Input,
    Func<Domain, Func<Tensor, ModelOutput>> From,
    Func<Domain, Precision, Func<Tensor, ModelOutput>> FromFrozen
);
