using static TorchSharp.torch;

namespace MerBench.Host.Training;

internal static class WeightChecks
{
    /// <summary>Every parameter and buffer must be a number.</summary>
    /// <exception cref="UserErrorException">One is NaN or infinite.</exception>
    public static void RequireFinite(IModel model, string when, string advice)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach ((string name, Tensor tensor) in model.State)
        {
            if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
                throw new UserErrorException($"'{name}' is NaN or infinite {when}. {advice}");
        }
    }
}
