using System.Globalization;
using MerBench.Host;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Text;

namespace MerBench.Reports.Listening;

/// <summary>What to make audible; an empty list stands for all.</summary>
/// <param name="Strengths">Budgets and severities as tables show them, such as <c>linf 0.01</c>.</param>
/// <param name="Clips">Test clips; those whose inputs were not kept are perturbed again. Empty for those that were.</param>
/// <param name="Output">Folder; null for <c>merbench-audio/NAME</c> in the current folder.</param>
public sealed record ExportRequest(
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Perturbations,
    IReadOnlyList<string> Strengths,
    IReadOnlyList<int> Seeds,
    IReadOnlyList<string> Clips,
    AudioFormat Format,
    string? Output
)
{
    public string OutputFolder(string benchmark) => Path.GetFullPath(Output ?? Path.Combine("merbench-audio", benchmark));

    /// <summary>The cells that are meant.</summary>
    /// <exception cref="UserErrorException">A name is none of the benchmark's; the message lists all such names.</exception>
    public IReadOnlyList<Cell> CellsOf(RunPlan plan)
    {
        Cell[] cells = [.. plan.Cells];
        var problems = new List<string>();
        cells = Narrow("model", Models, c => c.Model.Name);
        cells = Narrow("perturbation", Perturbations, c => c.Perturbation.Name);
        cells = Narrow("strength", Strengths, c => c.Strength);
        cells = Narrow(
            "seed",
            [.. Seeds.Select(s => s.ToString(CultureInfo.InvariantCulture))],
            c => c.Seed.ToString(CultureInfo.InvariantCulture)
        );
        return problems.Count == 0 ? cells : throw new UserErrorException(string.Join('\n', problems));

        Cell[] Narrow(string what, IReadOnlyList<string> wanted, Func<Cell, string> name)
        {
            if (wanted.Count == 0)
                return cells;
            string[] known = [.. cells.Select(name).Distinct(StringComparer.Ordinal)];
            string[] unknown = [.. wanted.Except(known, StringComparer.OrdinalIgnoreCase)];
            problems.AddRange(unknown.Select(w => $"There is no {what} '{w}' among the cells asked for: {NearestName.Hint(w, known)}"));
            return unknown.Length > 0 ? cells : [.. cells.Where(c => wanted.Contains(name(c), StringComparer.OrdinalIgnoreCase))];
        }
    }
}
