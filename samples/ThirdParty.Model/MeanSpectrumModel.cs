using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ThirdParty;

/// <summary>What <c>with:</c> may set; in YAML <c>InputDropout</c> is <c>input-dropout</c>.</summary>
public sealed record MeanSpectrumOptions(
    [Description("Share of the bands that is dropped while training.")][Range(0, 0.95)] double InputDropout = 0,
    [Description("Whether the spread of each band over time is read beside its mean.")] bool Spread = true);

/// <summary>Emotions as a linear function of each band's mean (and spread) over time.</summary>
[Model("third-party-mean-spectrum", Summary = "Linear in the mean spectrum.", Source = "The simplest model that hears timbre.")]
public sealed class MeanSpectrumModel(MeanSpectrumOptions options) : NetworkModel<nn.Module<Tensor, Tensor>>
{
    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> CreateNetwork(ModelContext context)
    {
        if (context.InputShape is not [_, long bands])
            throw new PluginUserException($"third-party-mean-spectrum reads features [T, F], not [{string.Join(", ", context.InputShape)}]: choose a front end.");
        return nn.Sequential(
            ("dropout", nn.Dropout(options.InputDropout)),
            ("linear", nn.Linear(options.Spread ? 2 * bands : bands, context.Emotions.Count)));
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(Tensor input)
    {
        Tensor mean = input.mean([1]);
        // The small constant keeps the square root differentiable where a band is silent.
        return new ModelOutput(Network.call(options.Spread ? cat([mean, (input.var(1, unbiased: false) + 1e-6).sqrt()], 1) : mean));
    }
}
