using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>How the module takes features.</summary>
public enum FeatureLayout
{
    /// <summary>Batch, frames, bands: <c>[B, T, F]</c>.</summary>
    Btf,

    /// <summary>With a channel, as images: <c>[B, 1, T, F]</c>.</summary>
    Bctf,
}

/// <summary>Which module, what it reads, and what it returns.</summary>
public sealed record TorchScriptOptions(
    [Description("The module, saved by torch.jit.script(model).save(path). It is code, which can read and write files.")]
    [FilePath]
        string Path,
    [Description("What it reads: features (standardised) or waveform [B, N].")] Domain Input = Domain.Features,
    [Description("How it takes features: btf is [B, T, F], bctf is [B, 1, T, F].")] FeatureLayout Layout = FeatureLayout.Btf,
    [Description("For a module that returns a tuple: the position of the emotions [B, E].")] [Range(0, 15)] int EmotionOutput = 0,
    [Description("For a module that returns a tuple: the position of the concepts [B, C]; -1 for none.")]
    [Range(-1, 15)]
        int ConceptOutput = -1
);
