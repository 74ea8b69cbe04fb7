using System.Globalization;

namespace MerBench.Datasets.AudioCsv.Soundtracks;

/// <summary>
/// The split of Hoedt, Flexer and Widmer (SMC 2025): a permutation of the 360 clips by torch's generator seeded with 42, of which the first
/// 288
/// are for training, 36 for validation, and the last 36, in this order, for testing.
/// </summary>
internal static class PublishedSplit
{
    public const int Clips = 360;

    private const int Train = 288,
        Validation = 36;
    private const uint Seed = 42;

    private static readonly string[] s_ids = Permutation();

    public static IReadOnlyList<string> Order => s_ids;

    public static SplitOptions Lists =>
        new(Train: s_ids[..Train], Validation: s_ids[Train..(Train + Validation)], Test: s_ids[(Train + Validation)..]);

    private static string[] Permutation()
    {
        int[] order = [.. Enumerable.Range(1, Clips)];
        var random = new MersenneTwister(Seed);
        for (int i = 0; i < Clips - 1; i++)
        {
            int other = i + (int)(random.NextUInt32() % (uint)(Clips - i));
            (order[i], order[other]) = (order[other], order[i]);
        }

        return [.. order.Select(id => id.ToString("000", CultureInfo.InvariantCulture))];
    }
}
