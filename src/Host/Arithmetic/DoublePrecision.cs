using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>Makes second instances of models that compute in float64.</summary>
internal static class DoublePrecision
{
    /// <summary>
    /// A model with the same weights, converted and in evaluation mode; null where the plugin offers none, or its conversion fails. The
    /// caller owns it.
    /// </summary>
    /// <param name="build">Builds another instance of the same plugin and options.</param>
    public static IModel? Copy(IModel model, Func<IModel>? build)
    {
        if (model is not IDoublePrecision || build is null)
            return null;
        IModel? copy = null;
        try
        {
            copy = build();
            CopyState(model, copy);
            copy.SetTraining(false);
            ((IDoublePrecision)copy).ToDouble();
            if (copy is ITrainableModel trainable)
                foreach (Parameter parameter in trainable.Parameters)
                    parameter.requires_grad_(false);
            return copy;
        }
        catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
        {
            // A guest that cannot is no fault: its gradient is compared with differences then.
            copy?.Dispose();
            return null;
        }
    }

    private static void CopyState(IModel from, IModel to)
    {
        using var guard = no_grad();
        IReadOnlyDictionary<string, Tensor> state = to.State;
        foreach ((string name, Tensor value) in from.State)
            state[name].copy_(value);
    }
}
