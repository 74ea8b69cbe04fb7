namespace MerBench.Host.Storage;

/// <summary>A kind of things in a store.</summary>
/// <param name="Clearable">How many of them may go.</param>
public sealed record KindSummary(
    string Kind,
    string Meaning,
    int Entries,
    long Bytes,
    DateTimeOffset Oldest,
    DateTimeOffset Newest,
    int Clearable,
    long ClearableBytes
);

/// <summary>The sizes in a store by kind, and what may go.</summary>
/// <param name="Cleared">Whether that is gone.</param>
public sealed record StoreSummary(
    string Folder,
    long Bytes,
    IReadOnlyList<KindSummary> Kinds,
    int Clearable,
    long ClearableBytes,
    bool Cleared
)
{
    public static StoreSummary Create(string folder, IReadOnlyList<StoredItem> items, StoreClearing clearing, bool cleared) =>
        new(
            folder,
            items.Sum(i => i.Bytes),
            [
                .. items
                    .GroupBy(i => i.Kind, StringComparer.Ordinal)
                    .Select(kind => new KindSummary(
                        kind.Key,
                        Meaning(kind.Key),
                        kind.Count(),
                        kind.Sum(i => i.Bytes),
                        kind.Min(i => i.Used),
                        kind.Max(i => i.Used),
                        kind.Count(clearing.Concerns),
                        kind.Where(clearing.Concerns).Sum(i => i.Bytes)
                    )),
            ],
            items.Count(clearing.Concerns),
            items.Where(clearing.Concerns).Sum(i => i.Bytes),
            cleared
        );

    private static string Meaning(string kind) =>
        kind switch
        {
            StoredItem.Temporary => "half written",
            StoreFolder.Damaged => "put aside as damaged",
            _ => EntryKind.All.First(k => k.Name == kind).Meaning,
        };
}
