namespace MerBench.Host.Audit;

/// <summary>
/// MerBench's own format of attack logs, CSV or Parquet, a row an attacked clip: <c>system</c>, <c>seed</c>, <c>clip</c>; for each emotion E
/// <c>rating.E</c>, <c>clean.E</c> and <c>perturbed.E</c>, on the scale 0 to 1; and, where known, <c>l2</c>, <c>linf</c>, <c>snr_db</c>, <c>converged</c>,
/// <c>threshold</c>, <c>budget_l2</c>, <c>budget_linf</c>. Names are those of a run's <c>clips.parquet</c>. Other columns are ignored.
/// </summary>
internal static class NeutralLogFormat
{
    public const string Rating = "rating.",
        Clean = "clean.",
        Perturbed = "perturbed.";

    public static readonly IReadOnlyList<string> Keys = ["system", "seed", "clip"];

    public static IEnumerable<AttackLog> Read(LogTable table)
    {
        table.Require(Keys);
        (IReadOnlyList<string> emotions, IReadOnlyList<AttackLogRow> rows) = Rows(table);
        return table
            .Rows.Zip(rows)
            .GroupBy(pair => (System: pair.First.Text("system"), Seed: pair.First.Whole("seed")))
            .Select(log => new AttackLog(log.Key.System, log.Key.Seed, table.Path, emotions, [.. log.Select(pair => pair.Second)]));
    }

    /// <summary>The rows alone, whatever system and seed they belong to, such as those of a run's <c>clips.parquet</c>.</summary>
    public static (IReadOnlyList<string> Emotions, IReadOnlyList<AttackLogRow> Rows) Rows(LogTable table)
    {
        string[] emotions = [.. table.Headers.Where(h => h.StartsWith(Rating, StringComparison.Ordinal)).Select(h => h[Rating.Length..])];
        if (emotions.Length == 0)
            throw new UserErrorException($"{table.Path}:1:1: no column 'rating.EMOTION', such as 'rating.valence'");
        table.Require(["clip", .. emotions.SelectMany(e => new[] { Rating + e, Clean + e, Perturbed + e })]);
        return (emotions, [.. table.Rows.Select(cells => Row(cells, emotions))]);
    }

    private static AttackLogRow Row(LogCells cells, string[] emotions)
    {
        double[] Side(string prefix) => [.. emotions.Select(e => cells.FiniteNumber(prefix + e))];
        return new AttackLogRow(cells.Line, cells.Text("clip"), Side(Rating), Side(Clean), Side(Perturbed))
        {
            L2 = cells.NumberOrNone("l2"),
            Linf = cells.NumberOrNone("linf"),
            SnrDb = cells.NumberOrNone("snr_db"),
            Converged = cells.TruthOrNone("converged"),
            Threshold = cells.NumberOrNone("threshold"),
            BudgetL2 = cells.NumberOrNone("budget_l2"),
            BudgetLinf = cells.NumberOrNone("budget_linf"),
        };
    }
}
