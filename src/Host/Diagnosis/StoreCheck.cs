using System.Globalization;
using MerBench.Host.Storage;

namespace MerBench.Host.Diagnosis;

/// <summary>Whether what a store holds is as it was written. It reads all of it, and changes nothing.</summary>
public static class StoreCheck
{
    /// <exception cref="UserErrorException">There is no store.</exception>
    public static IReadOnlyList<Finding> Examine(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserErrorException($"there is no store '{folder}': name one by --cache, as it was given to 'merbench run'.");
        IReadOnlyList<StoredItem> items = StoreInventory.List(folder);
        Finding[] kinds = [.. items.GroupBy(i => i.Kind, StringComparer.Ordinal).SelectMany(kind => Examine(kind.Key, [.. kind]))];
        return kinds.Length > 0 ? kinds : [new Finding("store", FindingStatus.Ok, $"{folder} is empty")];
    }

    private static IEnumerable<Finding> Examine(string kind, StoredItem[] items)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{items.Length}, {items.Sum(i => i.Bytes) / 1e6:#,0.0} MB");
        if (kind is StoredItem.Temporary or StoreFolder.Damaged)
        {
            string what = kind == StoreFolder.Damaged ? "put aside as damaged by earlier runs" : "half written";
            return [new Finding(kind, FindingStatus.Ok, $"{size}, {what}", "'merbench cache --clear' deletes what is of no use.")];
        }

        Finding[] damaged =
        [
            .. items
                .Select(item => (item.Name, Fault: item.FindFault()))
                .Where(item => item.Fault is not null)
                .Select(item => new Finding(
                    kind,
                    FindingStatus.Problem,
                    $"{item.Name}: {item.Fault}",
                    "The next run that needs it puts it aside and computes it again; where that happens often, the disk may be failing."
                )),
        ];
        int old = items.Count(i => i.IsUnsealed);
        string whole = damaged.Length == 0 ? "all as they were written" : $"{damaged.Length} damaged";
        return
        [
            new Finding(
                kind,
                FindingStatus.Ok,
                old == 0
                    ? $"{size}, {whole}"
                    : $"{size}, {whole}; {old} of older versions have no checksums, and get them when they are used"
            ),
            .. damaged,
        ];
    }
}
