using System.ComponentModel;
using MerBench.Models.Exported.Adapter;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>Which module, what it takes and what it returns.</summary>
[BindProperties]
public sealed record TorchScriptOptions(
    [Description("The module, saved by torch.jit.script(model).save(path). It is code, which can read and write files.")]
    [FilePath]
        string Path
) : AdapterOptions;
