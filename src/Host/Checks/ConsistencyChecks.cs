using System.Globalization;
using System.Text.Json.Nodes;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Host.Checks;

/// <summary>
/// Compares cells of one model and seed with each other: who knows more, tries more often or may change more must not do less harm, a clip. Where it is otherwise, the cell that should have been the stronger one is doubtful
/// (Athalye, Carlini and Wagner 2018, arXiv 1802.00420, section 3.1).
/// </summary>
internal static class ConsistencyChecks
{
    // Shares of the weaker one's gain, and of clips. A single step overshoots on many clips; only for most of them it must not.
    private const double Slack = 0.02,
        MostClips = 0.2,
        MostClipsOfOneStep = 0.5;

    /// <summary>Doubts by the index of their cell.</summary>
    public static ILookup<int, Doubt> Of(IEnumerable<CellOutcome> outcomes)
    {
        var doubts = new List<(int Cell, Doubt Doubt)>();
        foreach (
            IGrouping<object, CellOutcome> group in outcomes
                .Where(IsComparable)
                .GroupBy(object (o) => (o.Cell.Model.Name, o.Cell.Seed, o.Cell.Perturbation.Domain, o.Cell.Perturbation.Objective))
        )
        {
            CellOutcome[] cells = [.. group];
            foreach (CellOutcome strong in cells)
            {
                foreach (CellOutcome weak in cells)
                {
                    if (Reason(strong.Cell, weak.Cell) is { } reason && Violation(strong, weak) is { } violation)
                        doubts.Add(
                            (
                                strong.Cell.Index,
                                new Doubt(
                                    reason.Check,
                                    $"{reason.Text} '{weak.Cell.Perturbation.Name}'{(strong.Cell.Strength == weak.Cell.Strength ? "" : $" at {weak.Cell.Strength}")} {violation}"
                                )
                            )
                        );
                }
            }
        }

        return doubts.ToLookup(d => d.Cell, d => d.Doubt);
    }

    private static bool IsComparable(CellOutcome outcome) =>
        outcome.Result?.Objective is not null && !outcome.Cell.Perturbation.IsCorruption;

    private static (string Check, string Text)? Reason(Cell strong, Cell weak)
    {
        PluginDescriptor a = strong.Perturbation.Use.Plugin,
            b = weak.Perturbation.Use.Plugin;
        if (a.MinimisesNorm || b.MinimisesNorm)
            return null;
        if (strong.Perturbation == weak.Perturbation)
            return IsWider(strong.Budget, weak.Budget) ? ("not-monotone-in-budget", "it finds less than with a smaller budget:") : null;
        if (strong.Budget != weak.Budget || IsOnItself(weak) || IsOnItself(strong))
            return null;
        if (a.Id == b.Id)
            return HasMoreSteps(strong, weak) ? ("not-monotone-in-steps", "it finds less than with fewer calls:") : null;
        return (a.Knowledge, b.Knowledge) switch
        {
            (AttackKnowledge.Gradients, AttackKnowledge.Gradients) when a.IsIterative && !b.IsIterative => (
                "weaker-than-one-step",
                "it is iterative, and finds less than the single step"
            ),
            (AttackKnowledge.Gradients or AttackKnowledge.Queries, AttackKnowledge.Noise) => (
                "weaker-than-noise",
                "it searches, and finds less than the random points of"
            ),
            (AttackKnowledge.Gradients, AttackKnowledge.Queries or AttackKnowledge.Transfer) when !a.IsIterative => null,
            (AttackKnowledge.Gradients, AttackKnowledge.Queries) => (
                "weaker-than-queries",
                "it has gradients, and finds less than the queries of"
            ),
            (AttackKnowledge.Gradients, AttackKnowledge.Transfer) => (
                "weaker-than-transfer",
                "it has gradients, and finds less than what was crafted elsewhere:"
            ),
            (AttackKnowledge.Queries, AttackKnowledge.Transfer) => (
                "weaker-than-transfer",
                "it asks the model, and finds less than what was crafted elsewhere:"
            ),
            _ => null,
        };
    }

    private static bool IsWider(Budget? strong, Budget? weak) =>
        strong is { } a && weak is { } b && a.Norm == b.Norm && (a.Norm == Norm.Snr ? a.Size < b.Size : a.Size > b.Size);

    // Crafted on the attacked model itself: not a transfer.
    private static bool IsOnItself(Cell cell) => cell.Perturbation.Surrogates.Contains(cell.Model.Name, StringComparer.Ordinal);

    private static bool HasMoreSteps(Cell strong, Cell weak)
    {
        JsonObject a = JsonNode.Parse(strong.Perturbation.Use.OptionsJson)!.AsObject(),
            b = JsonNode.Parse(weak.Perturbation.Use.OptionsJson)!.AsObject();
        string[] differing = [.. a.Select(p => p.Key).Where(key => !JsonNode.DeepEquals(a[key], b[key]))];
        return differing is [("steps" or "queries") and var only] && a[only]!.GetValue<long>() > b[only]!.GetValue<long>();
    }

    private static string? Violation(CellOutcome strong, CellOutcome weak)
    {
        double[] a = Gains(strong),
            b = Gains(weak);
        if (a.Length != b.Length)
            return null;
        double slack = Slack * Math.Max(b.Average(), 0);
        int worse = a.Zip(b, (x, y) => y > x + Math.Max(slack, Slack * Math.Abs(y)) ? 1 : 0).Sum();
        bool isWorseInMean = b.Average() > a.Average() + slack && b.Average() > 1e-9;
        double most = strong.Cell.Perturbation.Use.Plugin.IsIterative ? MostClips : MostClipsOfOneStep;
        return isWorseInMean || worse > most * a.Length
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"gains {b.Average():g3} against {a.Average():g3} in {strong.Cell.Perturbation.Objective}, more on {worse} of {a.Length} clips"
            )
            : null;
    }

    private static double[] Gains(CellOutcome outcome) =>
        [.. outcome.Result!.Objective!.Perturbed.Zip(outcome.Result.Objective.Clean, (p, c) => (double)p - c)];
}
