using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>Cells beside how far raters disagree, and models that say how sure they are.</summary>
internal static class RaterTable
{
    public static ReportTable Raters(RunResults results) =>
        new(
            "Beside the raters' disagreement (the error of a single rater against the mean of all; harm in MAE in multiples of it; clips "
                + "whose prediction moved by one and by two standard deviations of their raters)",
            ["Model", "Perturbation", "Strength", "rater's error", "harm / rater's error", "moved by 1 sd", "by 2 sd"],
            [
                .. Group(results, c => c.Raters is not null)
                    .Select(
                        IReadOnlyList<string> (g) =>
                            [
                                g.Key.Model,
                                g.Key.Perturbation,
                                g.Key.Strength,
                                Number(g.Average(c => c.Raters!.RaterError)),
                                Change(g.Average(c => c.Raters!.Harm)),
                                Share(g.Average(c => c.Raters!.MovedBySd)),
                                Share(g.Average(c => c.Raters!.MovedByTwoSd)),
                            ]
                    ),
            ],
            TextColumns: 3
        );

    public static ReportTable Spreads(RunResults results) =>
        new(
            "Models that predict a spread (negative log-likelihood of the ratings under a normal distribution, less is better; share of "
                + "ratings within the predicted 90 %)",
            ["Model", "Perturbation", "Strength", "NLL clean", "NLL attacked", "coverage clean", "coverage attacked"],
            [
                .. Group(results, c => c.Spread is not null)
                    .Select(
                        IReadOnlyList<string> (g) =>
                            [
                                g.Key.Model,
                                g.Key.Perturbation,
                                g.Key.Strength,
                                Number(g.Average(c => c.Spread!.NegativeLogLikelihood.Clean)),
                                Number(g.Average(c => c.Spread!.NegativeLogLikelihood.Perturbed)),
                                Share(g.Average(c => c.Spread!.Coverage.Clean)),
                                Share(g.Average(c => c.Spread!.Coverage.Perturbed)),
                            ]
                    ),
            ],
            TextColumns: 3
        );

    private static IEnumerable<IGrouping<(string Model, string Perturbation, string Strength), CellResult>> Group(
        RunResults results,
        Func<CellResult, bool> has
    ) => results.Cells.Where(c => c.Result is { } r && has(r)).GroupBy(c => (c.Model, c.Perturbation, c.Strength), c => c.Result!);

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Change(double? value) => value?.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Share(double? value) => value?.ToString("0 %", CultureInfo.InvariantCulture) ?? "n/a";
}
