using System.Text.Json.Serialization;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>What an adversary is assumed to know of a model.</summary>
public enum AdversaryKnowledge
{
    /// <summary>Everything, gradients above all.</summary>
    WhiteBox,

    /// <summary>What it answers, or only what similar models answer.</summary>
    BlackBox,

    /// <summary>Nothing: nobody attacks, and music is changed by what happens to it anyway.</summary>
    Natural,
}

/// <summary>Which perturbations a model is to withstand: the worst of them on each clip is its score.</summary>
/// <param name="Perturbations">Names of those of the benchmark that belong to it.</param>
/// <param name="Norm">linf, l2, snr or masking-excess; null where attacks have no budget, or there are corruptions alone.</param>
/// <param name="Size">Largest size of attacks, for snr the least; smaller ones belong to it too.</param>
/// <param name="Severity">Largest severity of corruptions; null where there are none.</param>
/// <param name="Knowledge">Null where nobody declared it.</param>
public sealed record ThreatModel(
    string Name,
    IReadOnlyList<string> Perturbations,
    string? Norm,
    double? Size,
    int? Severity,
    AdversaryKnowledge? Knowledge
)
{
    /// <summary>The budget in words, as tables show it; null without one.</summary>
    [JsonIgnore]
    public string? Budget =>
        Norm is null ? null : FormattableString.Invariant($"{Norm} {Size}{(Norm is "snr" or "masking-excess" ? " dB" : "")}");

    /// <summary>Whether a cell belongs to it.</summary>
    /// <param name="norm">Of the cell's budget; null without one.</param>
    /// <param name="severity">Of a corruption; null for attacks.</param>
    public bool Includes(string perturbation, string? norm, double? size, int? severity)
    {
        if (!Perturbations.Contains(perturbation, StringComparer.Ordinal))
            return false;
        if (severity is not null)
            return severity <= Severity;
        return norm == Norm && (norm is null || (norm == "snr" ? size >= Size : size <= Size));
    }
}
