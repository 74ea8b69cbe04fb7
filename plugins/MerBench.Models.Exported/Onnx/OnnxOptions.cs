using System.ComponentModel;
using MerBench.Models.Exported.Adapter;

namespace MerBench.Models.Exported.Onnx;

/// <summary>Which graph, what it takes and what it returns.</summary>
[BindProperties]
public sealed record OnnxOptions(
    [Description("The graph, as torch.onnx.export and other exporters write it; weights in files beside it are read too.")]
    [FilePath]
        string Path
) : AdapterOptions;
