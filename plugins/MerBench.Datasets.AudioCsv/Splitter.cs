using System.Globalization;

namespace MerBench.Datasets.AudioCsv;

/// <summary>A row with its id and group.</summary>
/// <param name="Group">The group; null where there is no group column.</param>
internal sealed record Member(Row Row, string Id, string? Group);

/// <summary>Assigns clips to splits, and checks that no group is torn apart.</summary>
internal sealed class Splitter
{
    private static readonly double[] s_defaultRatio = [0.8, 0.1, 0.1];

    private readonly SplitOptions _options;
    private readonly int _column;

    public Splitter(SplitOptions? options, Table table, ProblemList problems)
    {
        _options = options ?? new SplitOptions();
        int ways = (_options.Ratio is null ? 0 : 1) + (_options.Column is null ? 0 : 1) + (HasLists ? 1 : 0);
        if (ways > 1)
            problems.Add("split: 'ratio', 'column' and lists of ids exclude each other.");
        _column = _options.Column is null ? -1 : table.Find(_options.Column, "split column", problems);
        if (_options.Ratio is { } ratio && (ratio.Count != 3 || ratio.Any(r => !(r >= 0)) || Math.Abs(ratio.Sum() - 1) > 1e-6))
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"split: ratio [{string.Join(", ", ratio.Select(r => r.ToString(CultureInfo.InvariantCulture)))}] must be three "
                        + $"shares (train, validation, test) that sum to 1."
                )
            );
    }

    private bool HasLists =>
        new object?[]
        {
            _options.Train,
            _options.Validation,
            _options.Test,
            _options.TrainFile,
            _options.ValidationFile,
            _options.TestFile,
        }.Any(o => o is not null);

    /// <summary>The split of each id; ids that fixed lists leave out are absent.</summary>
    public IReadOnlyDictionary<string, Split> Assign(IReadOnlyList<Member> members, ProblemList problems)
    {
        Dictionary<string, Split> splits = AssignEach(members, problems);
        foreach (
            var group in members.Where(m => m.Group is not null && splits.ContainsKey(m.Id)).GroupBy(m => m.Group!, StringComparer.Ordinal)
        )
        {
            Member[] firsts = [.. group.DistinctBy(m => splits[m.Id])];
            if (firsts.Length > 1)
            {
                IEnumerable<string> places = firsts.Select(m =>
                    string.Create(CultureInfo.InvariantCulture, $"row {m.Row.Number} is in {Name(splits[m.Id])}")
                );
                problems.Add($"group '{group.Key}' is torn apart: {string.Join(", ", places)}.");
            }
        }

        foreach (Split split in (ReadOnlySpan<Split>)[Split.Train, Split.Test])
        {
            if (!splits.ContainsValue(split))
                problems.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"split: none of the {members.Count} clips is in {Name(split)}; change 'split', or rate more "
                            + $"clips{(members.Any(m => m.Group is not null) ? " or groups" : "")}."
                    )
                );
        }

        return splits;
    }

    // A function of ids, groups and seed alone: neither the order of rows nor other columns matter.
    private Dictionary<string, Split> ByRatio(IReadOnlyList<Member> members)
    {
        double[] ratio = [.. _options.Ratio ?? s_defaultRatio];
        string[][] groups =
        [
            .. members
                .GroupBy(m => m.Group ?? m.Id, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.Select(m => m.Id).ToArray()),
        ];
        RandomStream.For("audio-csv split", _options.Seed.ToString(CultureInfo.InvariantCulture)).Shuffle(groups.AsSpan());
        var splits = new Dictionary<string, Split>(StringComparer.Ordinal);
        foreach (string[] group in groups)
        {
            double middle = (splits.Count + (group.Length / 2.0)) / members.Count;
            Split heldOut = middle < ratio[0] + ratio[1] ? Split.Validation : Split.Test;
            Split split = middle < ratio[0] ? Split.Train : heldOut;
            foreach (string id in group)
                splits.Add(id, split);
        }

        return splits;
    }

    private Dictionary<string, Split> AssignEach(IReadOnlyList<Member> members, ProblemList problems)
    {
        if (_column >= 0)
            return ByColumn(members, problems);
        return HasLists ? new FixedLists(_options).Assign(members, problems) : ByRatio(members);
    }

    private Dictionary<string, Split> ByColumn(IReadOnlyList<Member> members, ProblemList problems)
    {
        var splits = new Dictionary<string, Split>(StringComparer.Ordinal);
        foreach (Member member in members)
        {
            string cell = member.Row[_column];
            Split? split = cell.ToLowerInvariant() switch
            {
                "train" or "training" => Split.Train,
                "validation" or "valid" or "val" or "dev" => Split.Validation,
                "test" or "testing" => Split.Test,
                _ => null,
            };
            if (split is { } known)
                splits.Add(member.Id, known);
            else
                problems.Add(
                    member.Row,
                    $"'{_options.Column}' of clip '{member.Id}' is '{cell}'; expected train, validation (valid, val, dev) or test."
                );
        }

        return splits;
    }

    private static string Name(Split split) => split.ToString().ToLowerInvariant();
}
