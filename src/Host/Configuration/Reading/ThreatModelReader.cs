using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Reads <c>threat-model:</c>, and checks that the benchmark tests what it claims.</summary>
internal sealed class ThreatModelReader(BindingContext context, IReadOnlyList<PerturbationDefinition> perturbations)
{
    private const int MostSevere = 5;

    public ThreatModel? Read(Located<ThreatModelEntry>? located)
    {
        if (located is not { Value: { Name: { } name } entry })
            return null;
        int before = context.Failures;
        Budget? budget = ReadBudget(entry);
        if (context.Failures > before)
            return null;
        PerturbationDefinition[] members = Members(entry, located.At, budget);
        if (context.Failures > before)
            return null;
        bool hasCorruptions = members.Any(m => m.IsCorruption);
        AdversaryKnowledge needed = members.Min(Needs);
        if (entry.Knowledge is { } claimed && claimed.Value != needed)
            ReportKnowledge(claimed, members.First(m => Needs(m) == needed), needed);
        return new ThreatModel(
            name.Value,
            [.. members.Select(m => m.Name)],
            budget?.Norm.ToString().ToLowerInvariant(),
            budget?.Size,
            hasCorruptions ? entry.Severity ?? MostSevere : null,
            needed
        );
    }

    private PerturbationDefinition[] Members(ThreatModelEntry entry, SourceLocation at, Budget? budget)
    {
        if (entry.Perturbations is not { } names)
        {
            PerturbationDefinition[] all = [.. perturbations.Where(p => p.LabelPreserving && IsWithin(p, budget, entry.Severity))];
            if (all.Length == 0)
                context.Report(
                    at,
                    "no perturbation of this benchmark belongs to the threat model",
                    "name some under 'perturbations', or another 'budget'"
                );
            CheckDomain(all, at);
            return all;
        }

        var members = new List<PerturbationDefinition>();
        foreach (Located<string> name in names)
        {
            if (perturbations.FirstOrDefault(p => p.Name == name.Value) is not { } found)
                context.Report(
                    name.At,
                    $"there is no perturbation named '{name.Value}'",
                    NearestName.Hint(name.Value, perturbations.Select(p => p.Name))
                );
            else if (members.Contains(found))
                context.Report(name.At, $"'{name.Value}' is listed twice");
            else if (!found.LabelPreserving)
                context.Report(
                    name.At,
                    $"'{name.Value}' changes what listeners feel, so that errors under it are no lack of robustness",
                    "remove it"
                );
            else if (!IsWithin(found, budget, entry.Severity))
                context.Report(
                    name.At,
                    $"'{name.Value}' is never run {Within(found, budget, entry.Severity)}",
                    "run it so, or change the threat model"
                );
            else
                members.Add(found);
        }

        CheckDomain(members, names[0].At);
        return [.. members];
    }

    private Budget? ReadBudget(ThreatModelEntry entry)
    {
        if (entry.Budget is not { } located)
            return null;
        Budget[] given =
        [
            .. located.Value.Linf is { } linf ? [new Budget(Norm.Linf, linf)] : Array.Empty<Budget>(),
            .. located.Value.L2 is { } l2 ? [new Budget(Norm.L2, l2)] : Array.Empty<Budget>(),
            .. located.Value.Snr is { } snr ? [new Budget(Norm.Snr, snr)] : Array.Empty<Budget>(),
        ];
        if (given.Length == 1)
            return given[0];
        context.Report(located.At, "the budget of a threat model has one norm", "give one of: linf, l2, snr");
        return null;
    }

    // A radius in features is none in waveforms.
    private void CheckDomain(IReadOnlyCollection<PerturbationDefinition> members, SourceLocation at)
    {
        if (members.Where(m => !m.IsCorruption).Select(m => m.Domain).Distinct().Count() > 1)
            context.Report(
                at,
                "the attacks of a threat model live in one domain, and these are in two",
                "name those of one under 'perturbations'"
            );
    }

    private static bool IsWithin(PerturbationDefinition perturbation, Budget? budget, int? severity)
    {
        if (perturbation.IsCorruption)
            return perturbation.Severities.Any(s => s <= (severity ?? MostSevere));
        return budget is { } most
            ? perturbation.Budgets.Any(b => IsWithin(b, most))
            : perturbation is { Budgets.Count: 0, MaskingExcesses.Count: 0 };
    }

    // The higher a signal-to-noise ratio, the smaller the perturbation.
    private static bool IsWithin(Budget budget, Budget most) =>
        budget.Norm == most.Norm && (budget.Norm == Norm.Snr ? budget.Size >= most.Size : budget.Size <= most.Size);

    private static string Within(PerturbationDefinition perturbation, Budget? budget, int? severity)
    {
        if (perturbation.IsCorruption)
            return FormattableString.Invariant($"at severity {severity} or below");
        return budget is { } most ? $"within {most}" : "without a budget, and the threat model has none";
    }

    private static AdversaryKnowledge Needs(PerturbationDefinition perturbation)
    {
        if (perturbation.IsCorruption)
            return AdversaryKnowledge.Natural;
        bool followsGradients = perturbation.Use.Plugin.Knowledge == AttackKnowledge.Gradients;
        return followsGradients ? AdversaryKnowledge.WhiteBox : AdversaryKnowledge.BlackBox;
    }

    private void ReportKnowledge(Located<AdversaryKnowledge> claimed, PerturbationDefinition strongest, AdversaryKnowledge needed) =>
        context.Report(
            claimed.At,
            claimed.Value < needed
                ? $"no perturbation of the threat model knows as much as a {KebabCase.Convert(claimed.Value.ToString())} adversary, so "
                    + $"that it is not tested"
                : $"'{strongest.Name}' knows more than a {KebabCase.Convert(claimed.Value.ToString())} adversary",
            $"write {KebabCase.Convert(needed.ToString())}, or list other perturbations"
        );
}
