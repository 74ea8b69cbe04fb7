using MerBench.Host.Results;

namespace MerBench.Host.Distribution;

/// <summary>How far a shard is, by what the store holds.</summary>
/// <param name="Finished">Cells that are in the store.</param>
/// <param name="Failed">Cells that an attempt failed at, and that nobody finished.</param>
/// <param name="Missing">Cells that nobody tried to the end.</param>
/// <param name="Last">The newest attempt at it; null where it has not begun.</param>
public sealed record ShardState(
    Shard Shard,
    int Finished,
    IReadOnlyList<FailedCell> Failed,
    IReadOnlyList<PlannedCell> Missing,
    Attempt? Last
)
{
    public int Cells => Finished + Failed.Count + Missing.Count;
}

/// <summary>How far a study is. Reads the store alone, and may be asked often.</summary>
public sealed record StudyState(IReadOnlyList<ShardState> Shards)
{
    public int Cells => Shards.Sum(s => s.Cells);

    public int Finished => Shards.Sum(s => s.Finished);

    public int Failed => Shards.Sum(s => s.Failed.Count);

    public int Missing => Shards.Sum(s => s.Missing.Count);

    /// <param name="shards">Into how many parts the study is divided.</param>
    public static StudyState Read(StudyPlan plan, int shards, ResultStore store)
    {
        IReadOnlyList<Attempt> attempts = new AttemptLog(store.Folder, plan.ComputeHash()).Read();
        Dictionary<string, FailedCell> failures = AttemptLog.FindFailures(attempts);
        ILookup<int, PlannedCell> cells = ShardPlan
            .Divide(plan, shards)
            .SelectMany(part => part.Cells.Select(cell => (part.Shard, Cell: cell)))
            .ToLookup(c => c.Shard, c => c.Cell);
        return new StudyState([.. Enumerable.Range(1, shards).Select(number => Judge(new Shard(number, shards)))]);

        ShardState Judge(Shard shard)
        {
            PlannedCell[] absent = [.. cells[shard.Number].Where(c => store.FindCell(c.Key) is null)];
            return new ShardState(
                shard,
                cells[shard.Number].Count() - absent.Length,
                [.. absent.Where(c => failures.ContainsKey(c.Key)).Select(c => failures[c.Key])],
                [.. absent.Where(c => !failures.ContainsKey(c.Key))],
                attempts.LastOrDefault(a => a.Shard == shard)
            );
        }
    }
}
