using MerBench.Host.Results;

namespace MerBench.Analysis.Comparisons;

/// <summary>Why a cell is not compared, or what else there is to know of it.</summary>
public enum RemarkKind
{
    OnlyBefore,
    OnlyAfter,
    FailedBefore,
    FailedAfter,
    NowDoubtful,
    NoLongerDoubtful,
    StillDoubtful,
}

/// <summary>Something to know of the cells of a condition.</summary>
/// <param name="Condition">Model, perturbation and strength.</param>
/// <param name="Text">Such as why they failed; possibly empty.</param>
public sealed record CellRemark(RemarkKind Kind, string Condition, IReadOnlyList<int> Seeds, string Text)
{
    /// <summary>All remarks of a pairing, the same ones of several seeds together.</summary>
    internal static IReadOnlyList<CellRemark> Collect(CellPairing cells)
    {
        IEnumerable<(RemarkKind Kind, CellSummary Cell, string Text)> all =
        [
            .. cells.OnlyBefore.Select(c => (RemarkKind.OnlyBefore, c, "")),
            .. cells.OnlyAfter.Select(c => (RemarkKind.OnlyAfter, c, "")),
            .. cells.Pairs.Where(p => p.Before.Failure is not null).Select(p => (RemarkKind.FailedBefore, p.Before, p.Before.Failure!)),
            .. cells.Pairs.Where(p => p.After.Failure is not null).Select(p => (RemarkKind.FailedAfter, p.After, p.After.Failure!)),
            .. cells.Pairs.SelectMany(Doubts),
        ];
        return
        [
            .. all.GroupBy(r => (r.Kind, r.Cell.Model, r.Cell.Perturbation, r.Cell.Strength, r.Text))
                .Select(g => new CellRemark(
                    g.Key.Kind,
                    $"{g.Key.Model} / {g.Key.Perturbation} / {g.Key.Strength}",
                    [.. g.Select(r => r.Cell.Seed).Distinct()],
                    g.Key.Text
                ))
                .OrderBy(r => r.Kind),
        ];
    }

    private static IEnumerable<(RemarkKind Kind, CellSummary Cell, string Text)> Doubts(CellPair pair)
    {
        string[] before = [.. pair.Before.Doubts.Select(d => d.Check).Distinct(StringComparer.Ordinal)],
            after = [.. pair.After.Doubts.Select(d => d.Check).Distinct(StringComparer.Ordinal)];
        foreach (string check in before.Union(after, StringComparer.Ordinal))
        {
            RemarkKind kind = (before.Contains(check, StringComparer.Ordinal), after.Contains(check, StringComparer.Ordinal)) switch
            {
                (false, _) => RemarkKind.NowDoubtful,
                (true, true) => RemarkKind.StillDoubtful,
                (true, false) => RemarkKind.NoLongerDoubtful,
            };
            CellSummary cell = kind == RemarkKind.NoLongerDoubtful ? pair.Before : pair.After;
            yield return (kind, cell, $"{check}: {cell.Doubts.First(d => d.Check == check).Reason}");
        }
    }
}
