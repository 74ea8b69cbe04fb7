using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>Says which models hear otherwise than the rest.</summary>
public static class ModelEars
{
    /// <summary>Null where all models hear alike.</summary>
    public static string? Describe(RunResults results)
    {
        string[] own =
        [
            .. results
                .Models.Where(m => m.Ears is not null)
                .GroupBy(m => m.Ears!.ToString(), m => m.Name, StringComparer.Ordinal)
                .Select(g => $"{string.Join(", ", g.Distinct(StringComparer.Ordinal))}: {g.Key}"),
        ];
        return own.Length == 0
            ? null
            : $"Models that hear otherwise than the others: {string.Join("; ", own)}. Sizes of perturbations are comparable across them in "
                + "the waveform, as signal-to-noise ratios.";
    }
}
