using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>One entry of the matrix: the unit of work, caching, retry, sharding and failure.</summary>
/// <param name="Budget">For attacks; null for an attack without a budget.</param>
/// <param name="Severity">For corruptions; null for attacks.</param>
public sealed record Cell(int Index, ModelDefinition Model, PerturbationDefinition Perturbation, Budget? Budget, int? Severity, int Seed)
{
    private const string MaskingExcessName = "masking-excess";

    /// <summary>How many dB the perturbation may lie above the masking threshold; null for cells with another budget or none.</summary>
    public double? MaskingExcess { get; init; }

    /// <summary>Budget or severity as tables show it.</summary>
    public string Strength =>
        this switch
        {
            { Severity: { } severity } => string.Create(CultureInfo.InvariantCulture, $"severity {severity}"),
            { MaskingExcess: { } excess } => string.Create(CultureInfo.InvariantCulture, $"{MaskingExcessName} {excess} dB"),
            _ => Budget?.ToString() ?? "no budget",
        };

    /// <summary>What the budget is of, as the file, tables and keys name it; null without one.</summary>
    public string? Norm => MaskingExcess is null ? Budget?.Norm.ToString().ToLowerInvariant() : MaskingExcessName;

    /// <summary>Size of the budget; null without one.</summary>
    public double? Size => MaskingExcess ?? Budget?.Size;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Model.Name} / {Perturbation.Name} / {Strength} / seed {Seed}");
}
