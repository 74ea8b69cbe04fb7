using System.Reflection;
using System.Runtime.InteropServices;
using MerBench.Host.Arithmetic;
using MerBench.Host.Benchmarks;
using MerBench.Host.Execution;
using MerBench.Host.Matrix;
using MerBench.Host.Native;
using MerBench.Host.Options;

namespace MerBench.Host.Results;

/// <summary>Records what a run ran on.</summary>
public static class RunEnvironments
{
    public static string MerBenchVersion { get; } =
        typeof(RunEnvironments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "0";

    internal static RunEnvironment Describe(
        RunRequest request,
        BenchmarkDefinition definition,
        TorchBackend backend,
        IReadOnlyList<TorchDevice> devices,
        DateTimeOffset started,
        TimeSpan elapsed,
        ArithmeticChoice arithmetic
    ) =>
        new(
            MerBenchVersion,
            ContentKeys.ContractVersion,
            backend.Version,
            string.Join(", ", devices.Select(d => d.Name)),
            devices[0].Threads,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            started,
            elapsed.TotalSeconds,
            definition
                .Uses.DistinctBy(u => u.Plugin.Name)
                .ToDictionary(u => u.Plugin.Name, u => FileHash.Of(u.Plugin.AssemblyPath), StringComparer.Ordinal)
        )
        {
            Processor = Processor.Name,
            InstructionSet = arithmetic.InstructionSet,
            Arithmetic = arithmetic.Remark ?? "",
            Batch = definition.EvaluationBatch,
            File = Path.GetFileName(request.File),
            Commit = GitCommit.Of(request.File),
            Command = request.Command,
            Precision = definition.Precision,
        };
}
