using System.Runtime.InteropServices;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.IO;
using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>Records what a run ran on.</summary>
public static class RunEnvironments
{
    internal static RunEnvironment Describe(RunSession session, DateTimeOffset started, TimeSpan elapsed) =>
        new()
        {
            MerBench = ProductVersion.Text,
            Contract = ContentKeys.ContractVersion,
            LibTorch = session.Backend.Version,
            Device = session.DeviceText,
            Threads = session.Device.Threads,
            Runtime = RuntimeInformation.FrameworkDescription,
            OperatingSystem = RuntimeInformation.OSDescription,
            Started = started,
            Seconds = elapsed.TotalSeconds,
            Plugins = session
                .Plan.Definition.Uses.DistinctBy(u => u.Plugin.Name)
                .ToDictionary(u => u.Plugin.Name, u => FileHash.Compute(u.Plugin.AssemblyPath), StringComparer.Ordinal),
            Processor = Processor.Name,
            InstructionSet = session.Arithmetic.InstructionSet,
            Arithmetic = session.Arithmetic.Remark ?? "",
            Batch = session.Plan.Definition.EvaluationBatch,
            File = Path.GetFileName(session.Request.File),
            Commit = GitCommit.Find(session.Request.File),
            Command = session.Request.Command,
            Precision = session.Plan.Definition.Precision,
        };
}
