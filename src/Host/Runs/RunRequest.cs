using MerBench.Host.Arithmetic;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs;

/// <summary>What the user asked for.</summary>
/// <param name="File">The benchmark file.</param>
/// <param name="Plugins">Extra plugins: assemblies or folders.</param>
/// <param name="Output">Folder for results; null for <c>merbench-results/NAME</c> in the current folder.</param>
/// <param name="Cache">Folder of the result store; null for <c>.merbench</c> beside the benchmark file.</param>
/// <param name="LibTorch">Folder of a libtorch to use instead of the bundled one.</param>
/// <param name="Devices">Where to compute; null for what the benchmark says.</param>
/// <param name="Threads">Threads for torch, shared by the devices; null for its default.</param>
/// <param name="Tool">The program and arguments that start the tool, for worker processes and the self-test of arithmetic; null where a program calls the host.</param>
/// <param name="Command">The command line, for the record.</param>
public sealed record RunRequest(
    string File,
    IReadOnlyList<string> Plugins,
    string? Output = null,
    string? Cache = null,
    string? LibTorch = null,
    DeviceNames? Devices = null,
    int? Threads = null,
    IReadOnlyList<string>? Tool = null,
    string? Command = null
)
{
    /// <summary>What the process ends with; null where nobody follows it.</summary>
    public IExitCodes? ExitCodes { get; init; }

    public string CacheFolder =>
        Path.GetFullPath(
            Cache
                ?? Environment.GetEnvironmentVariable("MERBENCH_CACHE")
                ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(File))!, ".merbench")
        );

    /// <summary>Starts a worker process; null where none can be started.</summary>
    internal IReadOnlyList<string>? WorkerCommand => Tool is null ? null : [.. Tool, "worker"];

    /// <summary>Tests how libtorch computes in a process of its own; null where none can be started.</summary>
    internal IReadOnlyList<string>? SelfTestCommand => Tool is null ? null : [.. Tool, .. ArithmeticChoice.SelfTestArguments];

    public string OutputFolder(string benchmark) => Path.GetFullPath(Output ?? Path.Combine("merbench-results", benchmark));
}
