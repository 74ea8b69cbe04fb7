using System.Runtime.InteropServices;
using MerBench.Host.Arithmetic;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.IO;
using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>Records what a run ran on.</summary>
public static class RunEnvironments
{
    internal static RunEnvironment Describe(RunSession session, DateTimeOffset started, TimeSpan elapsed) =>
        new(
            ProductVersion.Text,
            ContentKeys.ContractVersion,
            session.Backend.Version,
            string.Join(", ", session.Devices.Select(d => d.Name)),
            session.Device.Threads,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            started,
            elapsed.TotalSeconds,
            session
                .Plan.Definition.Uses.DistinctBy(u => u.Plugin.Name)
                .ToDictionary(u => u.Plugin.Name, u => FileHash.Of(u.Plugin.AssemblyPath), StringComparer.Ordinal)
        )
        {
            Processor = Processor.Name,
            InstructionSet = session.Arithmetic.InstructionSet,
            Arithmetic = session.Arithmetic.Remark ?? "",
            Batch = session.Plan.Definition.EvaluationBatch,
            File = Path.GetFileName(session.Request.File),
            Commit = GitCommit.Of(session.Request.File),
            Command = session.Request.Command,
            Precision = session.Plan.Definition.Precision,
        };
}
