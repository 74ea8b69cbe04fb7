using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>How long the windows of <see cref="MedianFilter"/> are.</summary>
public sealed record MedianFilterOptions(
    [Description("Samples or frames a window, odd (3..101), of severity 1, 2, ... up to 5. Default: 3, 5, 7, 9, 11.")]
    [Length(1, 5)]
        double[]? Window = null
);

/// <summary>
/// Each sample becomes the median of those around it; of features, each band along time. It removes what is short, clicks and small
/// perturbations alike, and is one of the ways of feature squeezing. Beyond the ends, the first and the last value go on.
/// </summary>
[Corruption(
    "median-filter",
    Summary = "Median of neighbouring samples or frames",
    Source = "Xu et al., Feature Squeezing, NDSS 2018; Tukey 1977"
)]
[Reference(
    """
        @inproceedings{xu2018,
          author    = {Xu, Weilin and Evans, David and Qi, Yanjun},
          title     = {Feature Squeezing: Detecting Adversarial Examples in Deep Neural Networks},
          booktitle = {Network and Distributed System Security Symposium},
          year      = {2018},
          doi       = {10.14722/ndss.2018.23198},
        }
        """
)]
public sealed class MedianFilter : DifferentiableCorruption
{
    private readonly SeverityScale _window;

    /// <summary>Creates the corruption.</summary>
    /// <param name="options">How long windows are.</param>
    /// <exception cref="PluginUserException">A window is out of range or even.</exception>
    public MedianFilter(MedianFilterOptions options)
    {
        _window = new SeverityScale("median-filter", "window", options.Window, [3, 5, 7, 9, 11], 3, 101);
        if (options.Window?.Any(w => w % 2 != 1) == true)
            throw new PluginUserException("The corruption 'median-filter' needs odd whole numbers in 'window', such as 'window: [3, 5]'.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Domain> Domains { get; } = [Domain.Waveform, Domain.Features];

    /// <inheritdoc/>
    public override bool IsExact => true;

    /// <inheritdoc/>
    public override Tensor Approach(CorruptionContext context)
    {
        using var scope = NewDisposeScope();
        int window = (int)_window.At(context.Severity);
        int half = window / 2;
        Tensor clips = context.Input;
        long length = clips.shape[1];
        Tensor first = clips.slice(1, 0, 1, 1),
            last = clips.slice(1, length - 1, length, 1);
        Tensor longer = cat([.. Enumerable.Repeat(first, half), clips, .. Enumerable.Repeat(last, half)], 1);
        return longer.unfold(1, window, 1).kthvalue(half + 1, -1).values.MoveToOuterDisposeScope();
    }
}
