using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MyPlugin;

/// <summary>What <c>with:</c> may set; in YAML a name such as <c>InputDropout</c> is <c>input-dropout</c>.</summary>
public sealed record MyPluginOptions(
    [Description("Channels of the convolution.")][Range(1, 1024)] int Channels = 16,
    [Description("Share of the channels that is dropped while training.")][Range(0, 0.95)] double Dropout = 0.1);

/// <summary>One convolution over time, and emotions as a linear function of its mean.</summary>
[Model("my-plugin", Summary = "One convolution over time.")]
public sealed class MyPlugin(MyPluginOptions options) : NetworkModel<Sequential>
{
    /// <inheritdoc/>
    protected override Sequential CreateNetwork(ModelContext context)
    {
        if (context.InputShape is not [_, long bands])
            throw new PluginUserException($"my-plugin reads features [T, F], not [{string.Join(", ", context.InputShape)}]: choose a front end.");
        return nn.Sequential(
            ("convolution", nn.Conv1d(bands, options.Channels, 5, padding: 2)),
            ("relu", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool1d(1)),
            ("flatten", nn.Flatten()),
            ("dropout", nn.Dropout(options.Dropout)),
            ("emotions", nn.Linear(options.Channels, context.Emotions.Count)));
    }

    /// <inheritdoc/>
    /// <param name="input">Standardised features [B, T, F].</param>
    /// <returns>Emotions [B, E].</returns>
    public override ModelOutput Forward(Tensor input) => new(Network.call(input.transpose(1, 2)));
}
