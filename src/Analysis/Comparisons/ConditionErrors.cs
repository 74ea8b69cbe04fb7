using MerBench.Analysis.Queries;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Comparisons;

/// <summary>The errors of a condition's clips in two runs, reduced to what is said of them; the clips themselves are read one condition after the other, and not kept.</summary>
internal sealed record ConditionErrors(
    IReadOnlyList<CellPair> Cells,
    IReadOnlyList<int> Seeds,
    int ClipCount,
    MeasureErrors Clean,
    MeasureErrors Perturbed,
    MeasureErrors Harm,
    IReadOnlyList<ClipChange> Clips
)
{
    /// <summary>Reads the clips that both runs have; conditions without any are left out.</summary>
    /// <param name="before">Name of the first run in the database.</param>
    /// <param name="after">Name of the second one; may be the first.</param>
    public static IReadOnlyList<ConditionErrors> Read(RunDatabase database, string before, string after, IReadOnlyList<CellPair> pairs)
    {
        List<IGrouping<object, CellPair>> conditions = [.. pairs.GroupBy(object (p) => p.Condition)];
        database.Sql.Execute("CREATE TABLE pairs (condition INTEGER, before VARCHAR, after VARCHAR)");
        database.Sql.Append(
            "pairs",
            conditions.SelectMany((c, i) => c.Select(pair => (Condition: i, Pair: pair))),
            (row, p) => row.AppendValue(p.Condition).AppendValue(p.Pair.Before.Name).AppendValue(p.Pair.After.Name)
        );
        // Not joined at once: cells and clips of both runs would be tried in any order, and clips are few.
        IEnumerable<(int Condition, ClipErrorPair Clip)> clips = database.Sql.Read(
            $"""
            WITH was AS MATERIALIZED (SELECT condition, after, clip, clean, perturbed FROM pairs JOIN errors ON run = {DuckDb.Text(
                before
            )} AND cell = before)
            SELECT condition, now.seed, now.clip, was.clean, was.perturbed, now.clean, now.perturbed
            FROM was JOIN errors now ON now.run = {DuckDb.Text(after)} AND now.cell = was.after AND now.clip = was.clip
            ORDER BY condition
            """,
            r =>
                (
                    r.GetInt32(0),
                    new ClipErrorPair(r.GetInt32(1), r.GetString(2), r.GetDouble(3), r.GetDouble(4), r.GetDouble(5), r.GetDouble(6))
                )
        );
        return [.. OneByOne(clips).Select(c => Of([.. conditions[c.Condition]], c.Clips))];
    }

    public ConditionChange ToChange(
        PairedChange? clean,
        PairedChange? perturbed,
        PairedChange? harm,
        IReadOnlyList<string> higherIsBetter,
        OriginComparison origins
    )
    {
        (string modelBefore, string model, string perturbation, string strength) = Cells[0].Condition;
        return new ConditionChange(
            modelBefore,
            model,
            perturbation,
            strength,
            Cells[0].After.LabelPreserving,
            Seeds,
            ClipCount,
            Clean.With(clean),
            Perturbed.With(perturbed),
            Harm.With(harm),
            Metrics(higherIsBetter),
            Clips,
            [.. Cells.SelectMany(origins.CausesOf).Distinct()],
            Cells.Any(c => c.After.Believable == Believable.Doubtful)
        );
    }

    private static ConditionErrors Of(IReadOnlyList<CellPair> cells, List<ClipErrorPair> clips) =>
        new(
            cells,
            [.. clips.Select(c => c.Seed).Distinct().Order()],
            clips.Select(c => c.Clip).Distinct(StringComparer.Ordinal).Count(),
            MeasureErrors.Of(clips, c => (c.CleanBefore, c.CleanAfter)),
            MeasureErrors.Of(clips, c => (c.PerturbedBefore, c.PerturbedAfter)),
            MeasureErrors.Of(clips, c => (c.PerturbedBefore - c.CleanBefore, c.PerturbedAfter - c.CleanAfter)),
            ClipChange.MovedMost(clips.Select(c => new ClipChange(c.Clip, c.PerturbedBefore, c.PerturbedAfter)))
        );

    private static IEnumerable<(int Condition, List<ClipErrorPair> Clips)> OneByOne(IEnumerable<(int Condition, ClipErrorPair Clip)> rows)
    {
        var clips = new List<ClipErrorPair>();
        int current = -1;
        foreach ((int condition, ClipErrorPair clip) in rows)
        {
            if (condition != current && clips.Count > 0)
            {
                yield return (current, clips);
                clips = [];
            }

            current = condition;
            clips.Add(clip);
        }

        if (clips.Count > 0)
            yield return (current, clips);
    }

    private MetricChange[] Metrics(IReadOnlyList<string> higherIsBetter) =>
        [
            .. Cells[0]
                .After.Result!.Metrics.Keys.Where(Cells[0].Before.Result!.Metrics.ContainsKey)
                .Select(metric =>
                {
                    double? Mean(Func<CellPair, CellSummary> side, Func<MetricValue, double?> value) =>
                        Cells.Average(c => value(side(c).Result!.Metrics[metric].Mean));
                    return new MetricChange(
                        metric,
                        higherIsBetter.Contains(metric, StringComparer.Ordinal),
                        Mean(c => c.Before, v => v.Clean),
                        Mean(c => c.After, v => v.Clean),
                        Mean(c => c.Before, v => v.Perturbed),
                        Mean(c => c.After, v => v.Perturbed)
                    );
                }),
        ];
}

/// <summary>Mean absolute errors over emotions of one clip at one seed, in two runs.</summary>
internal readonly record struct ClipErrorPair(
    int Seed,
    string Clip,
    double CleanBefore,
    double PerturbedBefore,
    double CleanAfter,
    double PerturbedAfter
);

/// <summary>One measure of a condition's clips in two runs.</summary>
internal sealed record MeasureErrors(double Before, double After, double Largest, PairedTest? Test)
{
    public static MeasureErrors Of(IReadOnlyList<ClipErrorPair> clips, Func<ClipErrorPair, (double Before, double After)> measure)
    {
        (double Before, double After)[] values = [.. clips.Select(measure)];
        return new MeasureErrors(
            values.Average(v => v.Before),
            values.Average(v => v.After),
            values.Max(v => Math.Abs(v.After - v.Before)),
            PairedTest.Of(ErrorTable.Of(clips.Select((c, i) => (c.Seed, c.Clip, values[i].After - values[i].Before))))
        );
    }

    public MeasureChange With(PairedChange? paired) => new(Before, After, Largest, paired);
}
