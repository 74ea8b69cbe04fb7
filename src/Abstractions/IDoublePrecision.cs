namespace MerBench;

/// <summary>
/// A model that can also compute in float64. Optional; every <see cref="NetworkModel{TNetwork}"/> is one. The host compares predictions
/// and gradients of the model as attacks see it with those of a second instance in
/// float64, which tells a machine or a form that computes wrongly from a model that is robust.
/// </summary>
public interface IDoublePrecision : IModel
{
    /// <summary>
    /// Converts this instance, built and in evaluation mode, for good: afterwards <see cref="IModel.State"/> holds float64, and <see
    /// cref="IModel.Forward"/> takes and returns float64 and computes in nothing less. Asked of an
    /// instance of its own, whose state was copied from the model.
    /// </summary>
    /// <exception cref="PluginUserException">It cannot; the host then compares gradients with differences of predictions in float32,
    /// which show less.</exception>
    void ToDouble();
}
