using System.Globalization;
using System.Text.Json;

namespace MerBench.Analysis.Comparisons;

/// <summary>What a cell was made from.</summary>
/// <param name="Perturbation">Its name, for words.</param>
/// <param name="Specification">The cell's own.</param>
/// <param name="Models">The attacked model, then those that the attack was crafted on.</param>
/// <param name="Surroundings">What it was made on.</param>
internal sealed record CellOrigin(
    string Perturbation,
    JsonElement Specification,
    IReadOnlyList<ModelOrigin> Models,
    IReadOnlyList<Surrounding> Surroundings
);

/// <summary>What a model depends on, at one seed.</summary>
internal sealed record ModelOrigin(string Name, JsonElement Specification);

/// <summary>Something that a result was made on, and that no specification names.</summary>
internal sealed record Surrounding(string Name, CauseKind Kind, string Value)
{
    public static IReadOnlyList<Surrounding> List(SnapshotEnvironment on) =>
        [
            new("device", CauseKind.Device, on.Device),
            new("processor", CauseKind.Device, on.Processor),
            new("the instruction set", CauseKind.Device, on.InstructionSet),
            new("libtorch", CauseKind.Device, on.LibTorch),
            new("threads", CauseKind.Device, on.Threads.ToString(CultureInfo.InvariantCulture)),
            new("MerBench", CauseKind.Host, on.MerBench),
            new("runtime", CauseKind.Host, on.Runtime),
            new("operating system", CauseKind.Host, on.OperatingSystem),
        ];

    /// <summary>Whether another value is known to differ; what an older result does not name is not known.</summary>
    public bool IsOtherThan(Surrounding before) => Value != before.Value && Value.Length > 0 && before.Value.Length > 0;
}
