namespace MerBench.Host.Distribution;

/// <summary>Cells of one model that a shard computes.</summary>
/// <param name="Shard">From 1.</param>
public sealed record ShardPart(int Shard, PlannedModel Model, IReadOnlyList<PlannedCell> Cells)
{
    public double Work => Model.Training + CellWork;

    public double CellWork => Cells.Sum(c => c.Work);
}

/// <summary>Who computes what, from the plan alone. Models stay whole, longest first to the shard that has least to do; where there are
/// fewer models than shards, their cells are dealt out.</summary>
public static class ShardPlan
{
    public static IReadOnlyList<ShardPart> Divide(StudyPlan plan, int shards)
    {
        var work = new double[shards];
        var parts = new List<ShardPart>();
        foreach (ShardPart part in Split(plan, shards).OrderByDescending(p => p.Work))
        {
            int least = Array.IndexOf(work, work.Min());
            work[least] += part.Work;
            parts.Add(part with { Shard = least + 1 });
        }

        return parts;
    }

    private static IEnumerable<ShardPart> Split(StudyPlan plan, int shards)
    {
        for (int i = 0; i < plan.Models.Count; i++)
        {
            PlannedModel model = plan.Models[i];
            int wanted = Math.Max(1, (shards / plan.Models.Count) + (i < shards % plan.Models.Count ? 1 : 0)),
                pieces = Math.Clamp(wanted, 1, model.Cells.Count);
            // Dealt in turn: neighbours in the matrix cost about the same.
            for (int piece = 0; piece < pieces; piece++)
                yield return new ShardPart(0, model, [.. model.Cells.Where((_, index) => index % pieces == piece)]);
        }
    }
}
