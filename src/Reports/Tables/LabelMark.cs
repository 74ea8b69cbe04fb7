using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>Marks perturbations that change what listeners feel: errors under them are no lack of robustness, so reports show them last and
/// never unmarked.</summary>
internal static class LabelMark
{
    private const string Mark = "†";

    /// <summary>A perturbation's name as tables and headings show it.</summary>
    public static string Name(string perturbation, bool labelPreserving) => labelPreserving ? perturbation : $"{perturbation} {Mark}";

    /// <summary>What the mark means.</summary>
    public const string Explanation =
        $"{Mark} changes what listeners feel, so the ratings may no longer hold: its harm is not a lack of robustness.";

    /// <summary>What the mark means; null where nothing carries it.</summary>
    public static string? Legend(RunResults results) => results.Summary.All(r => r.LabelPreserving) ? null : Explanation;
}
