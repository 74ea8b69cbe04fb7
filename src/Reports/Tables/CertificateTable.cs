using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>What models prove, beside what attacks reached.</summary>
internal static class CertificateTable
{
    public static ReportTable Create(RunResults results) =>
        new(
            "Certificates (mean absolute errors: clean, reached by the perturbation, and never exceeded by any of its size; the radius "
                + $"moves no prediction by {results.SuccessTolerance})",
            ["Model", "Perturbation", "Strength", "clean", "attacked", "certified", "gap", "interval", "radius", "beyond"],
            [
                .. results.Certificates.Select(
                    IReadOnlyList<string> (c) =>
                        [
                            c.Model,
                            c.Perturbation,
                            c.Budget,
                            Error(c.Clean),
                            Error(c.Perturbed),
                            Error(c.Certified),
                            Error(c.Gap),
                            Error(c.Width),
                            c.Radius?.ToString("0.###", CultureInfo.InvariantCulture) ?? "none",
                            c.Violations.ToString(CultureInfo.InvariantCulture),
                        ]
                ),
            ],
            TextColumns: 3
        );

    // Nothing is proven of a clip at all.
    private static string Error(double error) => double.IsFinite(error) ? error.ToString("0.000", CultureInfo.InvariantCulture) : "none";
}
