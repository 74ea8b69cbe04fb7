using MerBench.Host.Arithmetic;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs;

/// <summary>What the user asked for.</summary>
/// <param name="File">The benchmark file.</param>
/// <param name="Plugins">Extra plugins: assemblies or folders.</param>
public sealed record RunRequest(string File, IReadOnlyList<string> Plugins)
{
    /// <summary>Folder for results; null for <c>merbench-results/NAME</c> in the current folder.</summary>
    public string? Output { get; init; }

    /// <summary>Folder of the result store; null for <c>.merbench</c> beside the benchmark file.</summary>
    public string? Cache { get; init; }

    /// <summary>Folder of a libtorch to use instead of the bundled one.</summary>
    public string? LibTorch { get; init; }

    /// <summary>Where to compute; null for what the benchmark says.</summary>
    public DeviceNames? Devices { get; init; }

    /// <summary>Threads for torch, shared by the devices; null for its default.</summary>
    public int? Threads { get; init; }

    /// <summary>Where cells run that need code of others; null for what the benchmark says.</summary>
    public Isolation? Isolation { get; init; }

    /// <summary>Whether it plans or sums up alone: a GPU that the benchmark names need not be on this machine then.</summary>
    public bool ComputesElsewhere { get; init; }

    /// <summary>
    /// The program and arguments that start the tool, for worker processes and the self-test of arithmetic; null where a program calls
    /// the host.
    /// </summary>
    public IReadOnlyList<string>? Tool { get; init; }

    /// <summary>The command line, for the record.</summary>
    public string? Command { get; init; }

    /// <summary>What the process ends with; null where nobody follows it.</summary>
    public IExitCodes? ExitCodes { get; init; }

    public string CacheFolder =>
        Path.GetFullPath(
            Cache
                ?? Environment.GetEnvironmentVariable("MERBENCH_CACHE")
                ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(File))!, ".merbench")
        );

    /// <summary>Where cells run that need code of others, after the environment was asked too.</summary>
    internal Isolation FindIsolation(BenchmarkDefinition definition) => Isolation ?? definition.Isolation ?? IsolationOfEnvironment;

    /// <summary>What the variable <c>MERBENCH_ISOLATION</c> says.</summary>
    public static Isolation IsolationOfEnvironment =>
        Environment.GetEnvironmentVariable("MERBENCH_ISOLATION") is "none"
            ? Configuration.Benchmarks.Isolation.None
            : Configuration.Benchmarks.Isolation.Process;

    /// <summary>Starts a worker process; null where none can be started.</summary>
    internal IReadOnlyList<string>? WorkerCommand => Tool is null ? null : [.. Tool, "worker"];

    /// <summary>Tests how libtorch computes in a process of its own; null where none can be started.</summary>
    internal IReadOnlyList<string>? SelfTestCommand => Tool is null ? null : [.. Tool, .. ArithmeticChoice.SelfTestArguments];

    public string OutputFolder(string benchmark) => Path.GetFullPath(Output ?? Path.Combine("merbench-results", benchmark));
}
