using MerBench.Host.Results;
using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Audit;

/// <summary>
/// MerBench's own format of attack logs, CSV or Parquet, a row an attacked clip: <c>system</c>, <c>seed</c>, and the columns of a run's
/// <c>clips.parquet</c> that <see cref="ClipTable"/> reads, with predictions on the
/// scale 0 to 1; where they are known also <c>converged</c>, <c>threshold</c>, <c>budget_l2</c>, <c>budget_linf</c>. Other columns are
/// ignored. What no row knows has no column.
/// </summary>
internal static class NeutralLogFormat
{
    private const string System = "system",
        Seed = "seed";

    public static readonly IReadOnlyList<string> Keys = [System, Seed, ClipTable.Clip];

    public static IEnumerable<ClipLog> Read(TableFile file)
    {
        file.Require(Keys);
        (IReadOnlyList<string> emotions, IReadOnlyList<ClipRow> rows) = ClipTable.Read(file);
        return file
            .Rows.Zip(rows)
            .GroupBy(pair => (System: pair.First.Text(System), Seed: pair.First.Whole(Seed)))
            .Select(log => new ClipLog(log.Key.System, log.Key.Seed, file.Path, emotions, [.. log.Select(pair => pair.Second)]));
    }

    public static ColumnTable<(ClipLog Log, ClipRow Row)> ToTable(IReadOnlyList<ClipLog> logs)
    {
        var table = new ColumnTable<(ClipLog Log, ClipRow Row)>([.. logs.SelectMany(l => l.Rows.Select(r => (l, r)))]);
        table.AddOptionalText(System, "which kind of model", r => r.Log.System);
        table.AddOptional<int>(Seed, "which training of it", r => r.Log.Seed);
        table.AddOptionalText(ClipTable.Clip, "id of the clip", r => r.Row.Clip);
        AddSide(ClipTable.Rating, "rating, on the scale 0 to 1", row => row.Rating);
        AddSide(ClipTable.Clean, "prediction before the attack", row => row.Clean);
        AddSide(ClipTable.Perturbed, "prediction after the attack", row => row.Perturbed);
        table.AddOptional(ClipTable.L2, "L2 norm of the perturbation", r => r.Row.L2);
        table.AddOptional(ClipTable.Linf, "L-infinity norm of the perturbation", r => r.Row.Linf);
        table.AddOptional(ClipTable.SnrDb, "signal-to-noise ratio, dB", r => r.Row.SnrDb);
        table.AddOptional(ClipTable.Converged, "whether the attack reached its own goal", r => r.Row.Converged);
        table.AddOptional(ClipTable.Threshold, "the correlation that the attack was to reach next", r => r.Row.Threshold);
        table.AddOptional(ClipTable.BudgetL2, "the largest L2 norm that the attack was configured to use", r => r.Row.BudgetL2);
        table.AddOptional(ClipTable.BudgetLinf, "the largest L-infinity norm that the attack was configured to use", r => r.Row.BudgetLinf);
        table.RemoveEmpty();
        return table;

        void AddSide(string prefix, string meaning, Func<ClipRow, double[]> numbers)
        {
            for (int i = 0; i < logs[0].Emotions.Count; i++)
            {
                int emotion = i;
                table.AddOptional<double>(prefix + logs[0].Emotions[i], meaning, r => numbers(r.Row)[emotion]);
            }
        }
    }
}
