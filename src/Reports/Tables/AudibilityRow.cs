using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>How large the perturbations of one model, perturbation and strength sound: medians over clips, means over seeds, and the most
/// of any clip.</summary>
internal sealed record AudibilityRow(
    string Model,
    string Perturbation,
    string Strength,
    double? SnrDb,
    double? DifferenceLu,
    double? LoudnessChangeLu,
    double? AudibleShare,
    double? AudibleExcessDb,
    double? MaskingExcessDb,
    double? MaxMaskingExcessDb
)
{
    /// <summary>Rows in the order of the matrix, of perturbations of waveforms alone.</summary>
    public static IReadOnlyList<AudibilityRow> Find(RunResults results) =>
        [
            .. results
                .Cells.Where(c => c.Result?.Size.Audibility is not null)
                .GroupBy(c => (c.Model, c.Perturbation, c.Strength))
                .Select(group =>
                {
                    double? Mean(Func<AudibilitySummary, double?> number) => group.Average(c => number(c.Result!.Size.Audibility!));
                    return new AudibilityRow(
                        group.Key.Model,
                        group.Key.Perturbation,
                        group.Key.Strength,
                        group.Average(c => c.Result!.Size.MedianSnrDb),
                        Mean(a => a.MedianDifferenceLu),
                        Mean(a => a.MedianLoudnessChangeLu),
                        Mean(a => a.MedianAudibleShare),
                        Mean(a => a.MedianAudibleExcessDb),
                        Mean(a => a.MedianMaskingExcessDb),
                        group.Max(c => c.Result!.Size.Audibility!.MaxMaskingExcessDb)
                    );
                }),
        ];
}
