using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Models.Exported.Adapter;

namespace MerBench.Models.Exported.Probe;

/// <summary>What is trained on embeddings.</summary>
public enum ProbeHeadKind
{
    /// <summary>Ridge regression.</summary>
    Ridge,

    /// <summary>One hidden layer.</summary>
    Mlp,
}

/// <summary>Options of <see cref="ProbeModel"/>.</summary>
[BindProperties]
public sealed record ProbeOptions(
    [Description("The encoder, exported to TorchScript or ONNX; eng/export/export_encoder.py writes such files.")]
    [FilePath]
        string Encoder,
    [Description("What is trained on its embeddings: ridge, or mlp (one hidden layer).")] ProbeHeadKind Head = ProbeHeadKind.Ridge,
    [Description("Ridge: the penalty on squared weights; 0 chooses from 25 between 0.1 and 1e5, on the validation clips.")]
    [Range(0, 1e12)]
        double Penalty = 0,
    [Description("MLP: units of the hidden layer.")] [Range(1, 4096)] int Hidden = 64,
    [Description("MLP: most epochs; the one that is best on the validation clips counts.")] [Range(1, 10_000)] int Epochs = 200,
    [Description("MLP: Adam's learning rate.")] [Range(1e-7, 1)] double LearningRate = 1e-3,
    [Description("The axis of time in embeddings of three axes, over which the mean is taken: 1 for [B, T, D], 2 for [B, D, T].")]
    [Range(1, 2)]
        int TimeAxis = 1
) : ModuleOptions;
