using MathNet.Numerics.Statistics;
using MerBench.Host.Hearing;

namespace MerBench.Host.Results;

/// <summary>How large a cell's perturbations sound: <see cref="Audibility"/>, medians over the clips that have the number, and the most
/// of any clip. Null where no clip has it, or half of them or more were not changed.</summary>
public sealed record AudibilitySummary(
    double? MedianLoudnessChangeLu,
    double? MedianDifferenceLu,
    double? MedianAudibleShare,
    double? MedianAudibleExcessDb,
    double? MedianMaskingExcessDb,
    double? MaxMaskingExcessDb
)
{
    public static AudibilitySummary Summarise(IReadOnlyList<Audibility> clips)
    {
        return new AudibilitySummary(
            Median(c => c.LoudnessChangeLu),
            Median(c => c.DifferenceLu),
            Median(c => c.AudibleShare),
            Median(c => c.AudibleExcessDb),
            Median(c => c.MaskingExcessDb),
            Finite(clips.Max(c => c.MaskingExcessDb))
        );

        double? Median(Func<Audibility, double?> number)
        {
            double[] known = [.. clips.Select(number).OfType<double>()];
            return known.Length == 0 ? null : Finite(known.Median());
        }
    }

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
