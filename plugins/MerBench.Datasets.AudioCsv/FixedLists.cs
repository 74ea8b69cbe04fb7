using MerBench.Host.Text;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Splits given as lists of ids, in the options or in text files; clips on no list are left out.</summary>
internal sealed class FixedLists(SplitOptions options)
{
    public Dictionary<string, Split> Assign(IReadOnlyList<Member> members, ProblemList problems)
    {
        var known = members.Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        var splits = new Dictionary<string, Split>(StringComparer.Ordinal);
        foreach (var (split, where, id) in Listed(problems))
        {
            if (!known.Contains(id))
            {
                string nearest = NearestName.Find(id, known) is { } near ? $" Did you mean '{near}'?" : "";
                problems.Add($"{where} lists clip '{id}', which has no row.{nearest}", DataIssueKind.Missing);
            }
            else if (!splits.TryAdd(id, split))
            {
                problems.Add($"{where} lists clip '{id}', which is listed already for {splits[id].ToString().ToLowerInvariant()}.");
            }
        }

        return splits;
    }

    private IEnumerable<(Split Split, string Where, string Id)> Listed(ProblemList problems)
    {
        (Split Split, string Name, IReadOnlyList<string>? Ids, string? File)[] lists =
        [
            (Split.Train, "train", options.Train, options.TrainFile),
            (Split.Validation, "validation", options.Validation, options.ValidationFile),
            (Split.Test, "test", options.Test, options.TestFile),
        ];
        foreach (var (split, name, ids, file) in lists)
        {
            foreach (string id in ids ?? [])
                yield return (split, $"split: {name}", id.Trim());
            foreach (string id in file is null ? [] : LinesOf(file, problems))
                yield return (split, $"'{file}'", id);
        }
    }

    private static string[] LinesOf(string file, ProblemList problems)
    {
        try
        {
            return [.. File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"'{file}' cannot be read: {e.Message}");
            return [];
        }
    }
}
