namespace MerBench.Host.Distribution.Slurm;

/// <summary>Shards that are submitted together.</summary>
/// <param name="Offset">Added to a task's index it is the shard's number.</param>
/// <param name="Awaits">How many arrays before it have to end first.</param>
internal sealed record ShardArray(int Offset, IReadOnlyList<int> Shards, int Awaits);

/// <summary>Divides shards into arrays.</summary>
internal static class ShardArrays
{
    /// <param name="shards">Their numbers.</param>
    /// <param name="first">Those that the others wait for; empty where nobody waits.</param>
    /// <param name="largest">The largest index that a task may have.</param>
    /// <exception cref="UserErrorException">There are no arrays on this cluster.</exception>
    public static IReadOnlyList<ShardArray> Divide(IReadOnlyList<int> shards, HashSet<int> first, int largest)
    {
        if (largest < 1)
            throw new UserErrorException(
                "This cluster has no job arrays (MaxArraySize). Submit 'merbench run FILE --shard K/N' by scripts of your own.",
                ErrorKind.Environment
            );
        int[][] before = Chunk(shards.Where(first.Contains), largest);
        return
        [
            .. before.Select(chunk => Create(chunk, 0)),
            .. Chunk(shards.Where(s => !first.Contains(s)), largest).Select(chunk => Create(chunk, before.Length)),
        ];

        ShardArray Create(int[] chunk, int awaits) => new((chunk[0] - 1) / largest * largest, chunk, awaits);
    }

    private static int[][] Chunk(IEnumerable<int> shards, int largest) =>
        [.. shards.GroupBy(s => (s - 1) / largest).Select(chunk => chunk.ToArray())];
}
