using MerBench.Host.Audit;
using MerBench.Host.Results;

namespace MerBench.Reports.Listening;

/// <summary>What a cell measured on one clip.</summary>
/// <param name="Realised">Prediction for the audio found for perturbed features; null where it was not asked for.</param>
/// <param name="Residual">Distance that audio leaves, as a share of the perturbation.</param>
internal sealed record ClipNumbers(string Clip, double[] Rating, double[] Clean, double[] Perturbed, double[]? Realised, double? Residual)
{
    public double Harm => HarmOf(Perturbed);

    /// <summary>Mean absolute error of a prediction, minus that of the clean one.</summary>
    public double HarmOf(double[] prediction) => Error(prediction) - Error(Clean);

    public static ClipNumbers Of(ClipResult clip) =>
        new(
            clip.Id,
            Wide(clip.Rating)!,
            Wide(clip.Clean)!,
            Wide(clip.Perturbed)!,
            Wide(clip.Realised),
            clip.Realised is null ? null : clip.RealisedResidual
        );

    /// <summary>All clips of a finished cell.</summary>
    public static IReadOnlyDictionary<string, ClipNumbers> Read(string clipsFile)
    {
        LogTable table = LogTable.Read(clipsFile);
        (IReadOnlyList<string> emotions, IReadOnlyList<AttackLogRow> rows) = NeutralLogFormat.Rows(table);
        bool isRealised = emotions.All(e => table.Headers.Contains("realised." + e));
        return rows.Zip(
                table.Rows,
                (row, cells) =>
                    new ClipNumbers(
                        row.Clip,
                        row.Rating,
                        row.Clean,
                        row.Perturbed,
                        isRealised ? [.. emotions.Select(e => cells.Number("realised." + e))] : null,
                        isRealised ? cells.Number("realised_residual") : null
                    )
            )
            .ToDictionary(c => c.Clip, StringComparer.Ordinal);
    }

    private double Error(double[] prediction) => Rating.Zip(prediction, (r, p) => Math.Abs(r - p)).Average();

    private static double[]? Wide(float[]? numbers) => numbers is null ? null : Array.ConvertAll(numbers, n => (double)n);
}
