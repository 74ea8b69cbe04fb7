using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Queries;

/// <summary>The mean absolute error of a clip over emotions, as an expression of SQL over the table <c>clips</c>.</summary>
internal static class ClipError
{
    /// <param name="side"><c>clean</c> or <c>perturbed</c>.</param>
    public static string Mean(IReadOnlyList<string> emotions, string side) => Mean(emotions, e => Column(side, e));

    /// <summary>With predictions clipped to the rating scale, whose ends stand in the table <c>runs</c>; NULL for runs of versions that did not write them.</summary>
    public static string MeanClipped(IReadOnlyList<string> emotions, string side) =>
        $"CASE WHEN minimum IS NOT NULL THEN {Mean(emotions, e => $"least(greatest({Column(side, e)}, minimum), maximum)")} END";

    // The average leaves out what is NULL: emotions of another run's dataset.
    private static string Mean(IReadOnlyList<string> emotions, Func<string, string> prediction) =>
        $"list_avg([{string.Join(", ", emotions.Select(e => $"abs({prediction(e)} - {Column("rating", e)})"))}])";

    private static string Column(string prefix, string emotion) => $"{DuckDb.Name($"{prefix}.{emotion}")}::DOUBLE";
}
