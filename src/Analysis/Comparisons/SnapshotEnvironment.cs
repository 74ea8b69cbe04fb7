using System.Text.Json.Serialization;
using MerBench.Host.Results;

namespace MerBench.Analysis.Comparisons;

/// <summary>What a snapshot was made on.</summary>
public sealed record SnapshotEnvironment(
    string MerBench,
    string Contract,
    string LibTorch,
    string Device,
    int Threads,
    string Runtime,
    string OperatingSystem
)
{
    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    [JsonIgnore]
    public string DeviceType => Device.Split(':', ',')[0];

    [JsonIgnore]
    internal IReadOnlyList<Surrounding> Surroundings => Surrounding.List(this);

    /// <summary>The processor's name; empty in older snapshots.</summary>
    public string Processor { get; init; } = "";

    /// <summary>What convolutions were computed with; empty in older snapshots.</summary>
    public string InstructionSet { get; init; } = "";

    internal static SnapshotEnvironment Describe(RunEnvironment run) =>
        new(run.MerBench, run.Contract, run.LibTorch, run.Device, run.Threads, run.Runtime, run.OperatingSystem)
        {
            Processor = run.Processor,
            InstructionSet = run.InstructionSet,
        };
}
