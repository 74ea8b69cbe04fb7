using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Text;

namespace MerBench.Analysis.Comparisons;

/// <summary>Which cells of two runs belong together: those of the same model, perturbation, strength and seed, by the names of the second
/// run.</summary>
/// <param name="Pairs">In the order of the second run.</param>
public sealed record CellPairing(IReadOnlyList<CellPair> Pairs, IReadOnlyList<CellSummary> OnlyBefore, IReadOnlyList<CellSummary> OnlyAfter)
{
    /// <summary>Pairs cells.</summary>
    /// <param name="renamed">Models and perturbations that are called otherwise in the second run.</param>
    /// <param name="models">The only models to compare; all of the same name where none is given.</param>
    /// <exception cref="UserErrorException">A name is in no run, or nothing belongs together.</exception>
    public static CellPairing Pair(RunResults before, RunResults after, IReadOnlyList<NamePair> renamed, IReadOnlyList<NamePair> models)
    {
        foreach (NamePair pair in renamed)
        {
            Require("--rename", pair.Before, [.. Models(before), .. Perturbations(before)], "first");
            Require("--rename", pair.After, [.. Models(after), .. Perturbations(after)], "second");
        }

        foreach (NamePair pair in models)
        {
            Require("--models", pair.Before, Models(before), "first");
            Require("--models", pair.After, Models(after), "second");
        }

        Dictionary<string, string> names = renamed.ToDictionary(r => r.Before, r => r.After, StringComparer.Ordinal);
        string NameAfter(string name) => names.GetValueOrDefault(name, name);
        NamePair[] compared = models.Count > 0 ? [.. models] : [.. Models(before).Select(m => new NamePair(m, NameAfter(m)))];
        var first = compared
            .SelectMany(m =>
                before
                    .Cells.Where(c => c.Model == m.Before)
                    .Select(c => (Key: (m.Before, m.After, NameAfter(c.Perturbation), c.Strength, c.Seed), Cell: c))
            )
            .DistinctBy(c => c.Key)
            .ToDictionary(c => c.Key, c => c.Cell);
        CellPair[] pairs =
        [
            .. from cell in after.Cells
            from model in compared
            where model.After == cell.Model && first.ContainsKey((model.Before, model.After, cell.Perturbation, cell.Strength, cell.Seed))
            select new CellPair(first[(model.Before, model.After, cell.Perturbation, cell.Strength, cell.Seed)], cell),
        ];
        HashSet<string> pairedBefore = [.. pairs.Select(p => p.Before.Name)],
            pairedAfter = [.. pairs.Select(p => p.After.Name)];
        bool Asked(CellSummary cell, Func<NamePair, string> side) => models.Count == 0 || models.Any(m => side(m) == cell.Model);
        return pairs.Length > 0
            ? new CellPairing(
                pairs,
                [.. before.Cells.Where(c => Asked(c, m => m.Before) && !pairedBefore.Contains(c.Name))],
                [.. after.Cells.Where(c => Asked(c, m => m.After) && !pairedAfter.Contains(c.Name))]
            )
            : throw new UserErrorException(
                $"nothing to compare: no cell of the first run ({Describe(before)}) has the model, perturbation, strength and seed of "
                    + $"one of the second ({Describe(after)}). Say what belongs together with --rename old=new, or which models to "
                    + $"compare with --models A=B."
            );
    }

    private static string[] Models(RunResults run) => [.. run.Cells.Select(c => c.Model).Distinct(StringComparer.Ordinal)];

    private static string[] Perturbations(RunResults run) => [.. run.Cells.Select(c => c.Perturbation).Distinct(StringComparer.Ordinal)];

    private static string Describe(RunResults run) =>
        $"models {string.Join(", ", Models(run))}; "
        + $"{string.Join(", ", run.Cells.Select(c => $"{c.Perturbation} {c.Strength}").Distinct(StringComparer.Ordinal))}; seeds "
        + $"{string.Join(", ", run.Cells.Select(c => c.Seed).Distinct().Order())}";

    private static void Require(string option, string name, string[] names, string run)
    {
        if (!names.Contains(name, StringComparer.Ordinal))
            throw new UserErrorException($"{option}: there is no '{name}' in the {run} run; {NearestName.Hint(name, names)}");
    }
}

/// <summary>A cell of each of two runs.</summary>
public sealed record CellPair(CellSummary Before, CellSummary After)
{
    /// <summary>Whether one of them failed, so that there is nothing to compare.</summary>
    public bool IsFailed => Before.Result is null || After.Result is null;

    /// <summary>The condition that it is a seed of: models, perturbation and strength.</summary>
    internal (string ModelBefore, string Model, string Perturbation, string Strength) Condition =>
        (Before.Model, After.Model, After.Perturbation, After.Strength);
}
