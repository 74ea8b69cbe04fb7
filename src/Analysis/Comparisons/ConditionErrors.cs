using MerBench.Analysis.Queries;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Comparisons;

/// <summary>The errors of a condition's clips in two runs, reduced to what is said of them; the clips themselves are read one condition
/// after the other, and not kept.</summary>
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
        IEnumerable<(int Condition, ComparedClip Clip)> clips = database.Sql.Read(
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
                    new ComparedClip(
                        r.GetInt32(1),
                        r.GetString(2),
                        new PairedError(r.GetDouble(3), r.GetDouble(4)),
                        new PairedError(r.GetDouble(5), r.GetDouble(6))
                    )
                )
        );
        return [.. OneByOne(clips).Select(c => Summarise([.. conditions[c.Condition]], c.Clips))];
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
        return new ConditionChange
        {
            ModelBefore = modelBefore,
            Model = model,
            Perturbation = perturbation,
            Strength = strength,
            LabelPreserving = Cells[0].After.LabelPreserving,
            Seeds = Seeds,
            ClipCount = ClipCount,
            Clean = Clean.With(clean),
            Perturbed = Perturbed.With(perturbed),
            Harm = Harm.With(harm),
            Metrics = Metrics(higherIsBetter),
            Clips = Clips,
            Causes = [.. Cells.SelectMany(origins.CausesOf).Distinct()],
            Doubtful = Cells.Any(c => c.After.Believable == Believable.Doubtful),
        };
    }

    private static ConditionErrors Summarise(IReadOnlyList<CellPair> cells, List<ComparedClip> clips) =>
        new(
            cells,
            [.. clips.Select(c => c.Seed).Distinct().Order()],
            clips.Select(c => c.Clip).Distinct(StringComparer.Ordinal).Count(),
            MeasureErrors.Summarise(clips, error => error.Clean),
            MeasureErrors.Summarise(clips, error => error.Perturbed),
            MeasureErrors.Summarise(clips, error => error.Harm),
            ClipChange.MovedMost(clips.Select(c => new ClipChange(c.Clip, c.Before.Perturbed, c.After.Perturbed)))
        );

    private static IEnumerable<(int Condition, List<ComparedClip> Clips)> OneByOne(IEnumerable<(int Condition, ComparedClip Clip)> rows)
    {
        var clips = new List<ComparedClip>();
        int current = -1;
        foreach ((int condition, ComparedClip clip) in rows)
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
                    var shared = SharedLabels.Find([
                        .. Cells.Select(c => c.Before.Result!.Metrics[metric]),
                        .. Cells.Select(c => c.After.Result!.Metrics[metric]),
                    ]);
                    MetricValue[] means = [.. shared.Means];
                    MetricValue[] before = means[..Cells.Count],
                        after = means[Cells.Count..];
                    return new MetricChange(
                        metric,
                        higherIsBetter.Contains(metric, StringComparer.Ordinal),
                        before.Average(v => v.Clean),
                        after.Average(v => v.Clean),
                        before.Average(v => v.Perturbed),
                        after.Average(v => v.Perturbed)
                    )
                    {
                        LeftOut = shared.LeftOut,
                    };
                }),
        ];
}

/// <summary>Mean absolute errors over emotions of one clip at one seed, in two runs.</summary>
internal readonly record struct ComparedClip(int Seed, string Clip, PairedError Before, PairedError After);

/// <summary>One measure of a condition's clips in two runs.</summary>
internal sealed record MeasureErrors(double Before, double After, double Largest, PairedTest? Test)
{
    public static MeasureErrors Summarise(IReadOnlyList<ComparedClip> clips, Func<PairedError, double> measure)
    {
        (double Before, double After)[] values = [.. clips.Select(c => (measure(c.Before), measure(c.After)))];
        return new MeasureErrors(
            values.Average(v => v.Before),
            values.Average(v => v.After),
            values.Max(v => Math.Abs(v.After - v.Before)),
            PairedTest.Compute(ErrorTable.Create(clips.Select((c, i) => (c.Seed, c.Clip, values[i].After - values[i].Before))))
        );
    }

    public MeasureChange With(PairedChange? paired) => new(Before, After, Largest, paired);
}
