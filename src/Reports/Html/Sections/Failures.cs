using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>What failed and why, before anything else: results without it may mislead.</summary>
internal static class Failures
{
    private const int Most = 50;

    public static HtmlSection? Create(RunReportData data)
    {
        RunResults results = data.Results;
        if (results.FailedCells == 0)
            return null;
        var tally = new CellTally(results);
        CellSummary[] failed = [.. results.Cells.Where(c => c.Failure is not null)];
        return new HtmlSection(
            "failures",
            "Failed",
            Markup.Format(
                $"""
                <p><strong>{tally.Counts}.</strong> {tally.Caution}</p>
                <ul class="failures">{failed.Take(Most).Select(c => Markup.Format($"<li><strong>{c.Name}</strong>: {c.Failure}</li>"))}</ul>
                {(
                    failed.Length > Most
                        ? Markup.Format($"<p class=\"note\">The first {Most} of {failed.Length}; results.json names all.</p>")
                        : null
                )}
                """
            )
        );
    }
}
