using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.IO.Enumeration;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>How far a metric may move from its accepted value; the sum of both where both are given.</summary>
public sealed record Tolerance(
    [Description("As a share of the accepted value.")] [Range(0, double.PositiveInfinity)] double? Relative = null,
    [Description("In the metric's units.")] [Range(0, double.PositiveInfinity)] double? Absolute = null
)
{
    /// <summary>The largest allowed change from a value.</summary>
    public double Of(double accepted) => (Absolute ?? 0) + ((Relative ?? 0) * Math.Abs(accepted));
}

/// <summary>A tolerance and where it holds.</summary>
/// <param name="Pattern">A metric's id, <c>default</c>, or a pattern of <c>MODEL/PERTURBATION/STRENGTH/seed N/METRIC/clean</c> or
/// <c>/perturbed</c> in which <c>*</c> and <c>?</c> stand for any characters.</param>
/// <param name="DeviceType">Such as <c>cuda</c>; null for all.</param>
public sealed record ToleranceRule(string Pattern, Tolerance Tolerance, string? DeviceType = null)
{
    public const string Default = "default";

    internal bool Holds(string path, string metric) =>
        Pattern == metric
        || (Pattern.Contains('/', StringComparison.Ordinal) && FileSystemName.MatchesSimpleExpression(Pattern, path, ignoreCase: false));
}

/// <summary>The tolerances of a benchmark file. The last that matches holds; those of the device's type come before the others, and
/// <c>default</c> comes last.</summary>
public sealed class SnapshotTolerances(IReadOnlyList<ToleranceRule> rules)
{
    /// <summary>Where the file says nothing: what another processor changes in a trained model's numbers, and less than anybody
    /// reports.</summary>
    public static readonly Tolerance Standard = new(Relative: 0.02, Absolute: 0.001);

    public IReadOnlyList<ToleranceRule> Rules { get; } = rules;

    /// <summary>The tolerance of a value.</summary>
    /// <param name="path"><c>MODEL/PERTURBATION/STRENGTH/seed N/METRIC/clean</c> or <c>/perturbed</c>.</param>
    /// <param name="metric">The metric's id.</param>
    /// <param name="deviceType">Such as <c>cpu</c>.</param>
    public Tolerance For(string path, string metric, string deviceType)
    {
        ToleranceRule[] here = [.. Rules.Where(r => r.DeviceType == deviceType)],
            everywhere = [.. Rules.Where(r => r.DeviceType is null)];
        return (
                here.LastOrDefault(r => r.Holds(path, metric))
                ?? everywhere.LastOrDefault(r => r.Holds(path, metric))
                ?? here.LastOrDefault(r => r.Pattern == ToleranceRule.Default)
                ?? everywhere.LastOrDefault(r => r.Pattern == ToleranceRule.Default)
            )?.Tolerance
            ?? Standard;
    }
}
