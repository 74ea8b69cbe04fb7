using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Vgg;

/// <summary>How emotions are read from the network's last feature map.</summary>
public enum VggHead
{
    /// <summary>One linear layer to the emotions (A2E).</summary>
    Direct,

    /// <summary>A linear layer to a few units, trained as concepts or left free, and a linear layer from those to the emotions (A2M2E,
    /// A2B2E).</summary>
    Bottleneck,
}

/// <summary>Options of <see cref="VggModel"/>.</summary>
public sealed record VggOptions(
    [Description("direct: features to emotions. bottleneck: features to concepts to emotions.")] VggHead Head = VggHead.Direct,
    [Description("Multiplies the number of channels of every layer; 1 is the paper's network with 3.9 million parameters.")]
    [Range(0.01, 4)]
        double Width = 1,
    [Description("Probability with which whole channels are dropped after each pooling, in training.")]
    [Range(0, 0.95)]
        double Dropout = 0.3,
    [Description("Units of the bottleneck; 0 takes as many as the dataset has concepts.")] [Range(0, 512)] int BottleneckUnits = 0,
    [Description(
        "Whether to prove, by the norms of its layers, how far perturbations of features can move predictions: sound, and very loose."
    )]
        bool Certify = false,
    [Description("Whether to predict emotions over time: the last feature map is pooled over frequency alone.")] bool OverTime = false
);
