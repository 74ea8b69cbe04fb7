using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Text;

namespace MerBench.Reports.Archives;

/// <summary>A run as catalogues name it.</summary>
internal static class RunTitle
{
    public static string Write(RunResults results) => $"Robustness of music emotion recognition models: {results.Benchmark}";

    public static string WriteAuthor(RunResults results) => results.About?.By ?? "The authors of this run";

    /// <summary>What was measured, in two sentences.</summary>
    public static string Describe(RunResults results)
    {
        int models = results.Models.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count();
        int perturbations = results.Cells.Select(c => c.Perturbation).Distinct(StringComparer.Ordinal).Count();
        string clips = Quantity.Write(results.Dataset.Test, "test clip");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"How {Quantity.Write(models, "model")} of emotion in music withstood {Quantity.Write(perturbations, "perturbation")}, on "
                + $"{clips} of the dataset '{results.Dataset.Id}': {Quantity.Write(results.Cells.Count, "cell")}, {results.FailedCells} of "
                + $"them failed. Measured by MerBench {results.Environment.MerBench} on {results.Environment.Started:yyyy-MM-dd}."
        );
    }
}
