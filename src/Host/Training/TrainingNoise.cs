using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>Gaussian noise on training clips (Cohen et al., ICML 2019, section 3.3): of one epoch and clip always the same, whatever the
/// batch.</summary>
internal static class TrainingNoise
{
    /// <param name="input">Clips <c>[B, ...]</c>.</param>
    /// <param name="deviation">Of the noise, in units of the input.</param>
    /// <param name="clips">Their numbers among the training clips.</param>
    /// <param name="epoch">The epoch's stream.</param>
    public static Tensor Add(Tensor input, double deviation, long[] clips, RandomStream epoch)
    {
        using var scope = NewDisposeScope();
        var rows = clips.Select(clip =>
        {
            var row = new float[input.numel() / input.shape[0]];
            epoch.Fork(string.Create(CultureInfo.InvariantCulture, $"noise on {clip}")).FillNormal(row);
            return tensor(row);
        });
        return (input + (stack(rows).reshape(input.shape).to(input.device) * deviation)).MoveToOuterDisposeScope();
    }
}
