using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>One entry of the matrix: the unit of work, caching, retry, sharding and failure.</summary>
/// <param name="Budget">For attacks; null for an attack without a budget.</param>
/// <param name="Severity">For corruptions; null for attacks.</param>
public sealed record Cell(int Index, ModelDefinition Model, PerturbationDefinition Perturbation, Budget? Budget, int? Severity, int Seed)
{
    /// <summary>Budget or severity as tables show it.</summary>
    public string Strength =>
        Severity is { } s ? string.Create(CultureInfo.InvariantCulture, $"severity {s}") : Budget?.ToString() ?? "no budget";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Model.Name} / {Perturbation.Name} / {Strength} / seed {Seed}");
}
