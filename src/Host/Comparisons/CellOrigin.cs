using System.Globalization;
using System.Text.Json;

namespace MerBench.Host.Comparisons;

/// <summary>What a cell was made from.</summary>
/// <param name="Perturbation">Its name, for words.</param>
/// <param name="Specification">The cell's own.</param>
/// <param name="Models">The attacked model, then those that the attack was crafted on.</param>
/// <param name="Surroundings">What it was made on.</param>
internal sealed record CellOrigin(string Perturbation, JsonElement Specification, IReadOnlyList<ModelOrigin> Models, IReadOnlyList<Surrounding> Surroundings);

/// <summary>What a model depends on, at one seed.</summary>
internal sealed record ModelOrigin(string Name, JsonElement Specification);

/// <summary>Something that a result was made on, and that no specification names.</summary>
internal sealed record Surrounding(string Name, CauseKind Kind, string Value)
{
    public static IReadOnlyList<Surrounding> Of(string merBench, string libTorch, string device, int threads, string runtime, string operatingSystem) =>
    [
        new("device", CauseKind.Device, device),
        new("libtorch", CauseKind.Device, libTorch),
        new("threads", CauseKind.Device, threads.ToString(CultureInfo.InvariantCulture)),
        new("MerBench", CauseKind.Host, merBench),
        new("runtime", CauseKind.Host, runtime),
        new("operating system", CauseKind.Host, operatingSystem),
    ];
}
