using MerBench.Host.Results;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

/// <summary>Says in which format attacks computed, where that is not fp32 alone.</summary>
internal static class PrecisionLegend
{
    public static string? Write(RunResults results)
    {
        string[] inAnother =
        [
            .. results
                .Cells.Where(c => c.Result is not null && c.Objective is not null)
                .GroupBy(c => c.Result!.Precision)
                .Where(g => g.Key != Precision.Fp32)
                .Select(g => $"{Name(g.Key)} on {string.Join(", ", g.Select(c => c.Model).Distinct(StringComparer.Ordinal))}"),
        ];
        if (inAnother.Length > 0)
            return $"Attacks computed in {string.Join("; in ", inAnother)}; results are judged in fp32.";
        Precision asked = results.Environment.Precision;
        return asked == Precision.Fp32 ? null : $"Attacks computed in fp32: no model that was attacked offers {Name(asked)}.";
    }

    private static string Name(Precision precision) => KebabCase.Convert(precision.ToString());
}
