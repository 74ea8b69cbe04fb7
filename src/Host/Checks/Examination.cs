using MerBench.Host.Checks.Cells;
using MerBench.Host.Checks.Models;
using MerBench.Host.Checks.Pairs;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>Asks the checks of <see cref="CheckList"/>.</summary>
internal static class Examination
{
    public static IReadOnlyList<Doubt> ExamineModel(ModelEvidence model) => ExamineModel(model, CheckList.OfModels);

    /// <param name="checks">Some of the list; what they presume is asked as well, and not told.</param>
    public static IReadOnlyList<Doubt> ExamineModel(ModelEvidence model, IEnumerable<IModelCheck> checks)
    {
        var asked = new Dictionary<string, IReadOnlyList<Doubt>>(StringComparer.Ordinal);
        return [.. checks.SelectMany(Ask)];

        IReadOnlyList<Doubt> Ask(IModelCheck check)
        {
            if (asked.TryGetValue(check.Id, out IReadOnlyList<Doubt>? known))
                return known;
            bool saysNothing = check.Presumes.Any(other => Ask(other).Count > 0);
            return asked[check.Id] = saysNothing ? [] : [.. check.Examine(model)];
        }
    }

    /// <summary>Asks the checks that compare with float64, whatever others would say.</summary>
    /// <param name="clips">A few clips <c>[B, ...]</c>.</param>
    /// <param name="scale">The width of the rating scale.</param>
    public static IReadOnlyList<Doubt> ExamineArithmetic(ModelForms forms, Tensor clips, double scale, RandomStream random)
    {
        using var scope = NewDisposeScope();
        var model = new ModelEvidence { Scale = scale, GatherArithmetic = () => ArithmeticEvidence.Gather(forms, clips, random) };
        return [.. new PredictionWrongCheck().Examine(model), .. new GradientWrongCheck().Examine(model)];
    }

    public static IEnumerable<Doubt> ExamineCell(CellEvidence cell) =>
        CheckList.OfCells.Where(c => c.JudgesSmallestPerturbations || !cell.Attack.MinimisesNorm).SelectMany(c => c.Examine(cell));

    /// <summary>Looks at what all cells found: each for itself, and beside others. Doubts by the index of their cell.</summary>
    public static ILookup<int, Doubt> ExamineOutcomes(IReadOnlyList<CellOutcome> outcomes) =>
        outcomes
            .Where(o => o.Result is not null)
            .SelectMany(o => CheckList.OfResults.SelectMany(c => c.Examine(o.Result!)).Select(doubt => (o.Cell.Index, Doubt: doubt)))
            .Concat(CompareCells(outcomes).SelectMany(cell => cell.Select(doubt => (Index: cell.Key, Doubt: doubt))))
            .ToLookup(d => d.Index, d => d.Doubt);

    /// <summary>Compares cells of attacks with each other. Doubts by the index of their cell.</summary>
    public static ILookup<int, Doubt> CompareCells(IEnumerable<CellOutcome> outcomes) =>
        outcomes
            .Where(IsComparable)
            .GroupBy(o =>
                (
                    o.Cell.Model.Name,
                    o.Cell.Seed,
                    o.Cell.Perturbation.Domain,
                    o.Cell.Perturbation.Objective,
                    o.Cell.Perturbation.On,
                    o.Cell.Perturbation.Window
                )
            )
            .SelectMany(group => ListPairs([.. group.Select(Read)]))
            .SelectMany(pair => CheckList.OfPairs.SelectMany(c => c.Examine(pair)).Select(doubt => (pair.Strong.Cell.Index, Doubt: doubt)))
            .ToLookup(d => d.Index, d => d.Doubt);

    private static bool IsComparable(CellOutcome outcome) =>
        outcome.Result?.Objective is not null && outcome.Cell.Perturbation is { IsCorruption: false, Use.Plugin.MinimisesNorm: false };

    private static ComparedCell Read(CellOutcome outcome)
    {
        ObjectiveValues objective = outcome.Result!.Objective!;
        return new ComparedCell(outcome.Cell, [.. objective.Perturbed.Zip(objective.Clean, (p, c) => (double)p - c)]);
    }

    private static IEnumerable<CellPair> ListPairs(ComparedCell[] cells) =>
        cells.SelectMany(strong => cells.Select(weak => new CellPair(strong, weak)));
}
