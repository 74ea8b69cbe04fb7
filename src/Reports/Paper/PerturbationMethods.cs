using MerBench.Host.Results;
using MerBench.Host.Text;
using MerBench.Reports.Bibliography;

namespace MerBench.Reports.Paper;

/// <summary>Attacks and corruptions with their strengths, and how budgets were enforced.</summary>
internal static class PerturbationMethods
{
    public static Paragraph Write(RunFacts facts, RunBibliography bibliography)
    {
        var text = new Paragraph();
        foreach (PerturbationFacts perturbation in facts.Perturbations.Where(p => !p.IsCorruption))
            SayAttack(text, perturbation, bibliography);
        if (facts.Perturbations.Any(p => p.Budgets.Any()))
            text.Say(
                $"Budgets were enforced from outside: the norm of every perturbation and the predictions for every perturbed clip were "
                    + $"computed anew, and a result beyond its budget counts as failed and not as a result."
            );
        SayPrecision(text, facts);
        foreach (PerturbationFacts perturbation in facts.Perturbations.Where(p => p.IsCorruption))
            SayCorruption(text, perturbation, bibliography);
        PerturbationFacts[] changing = [.. facts.Perturbations.Where(p => !p.First.LabelPreserving)];
        if (changing.Length > 0)
            text.Say(
                $"{Inline.List(changing.Select(p => Inline.Code(p.First.Perturbation)))} may change what listeners feel, so that the "
                    + $"ratings may no longer hold; {(changing.Length == 1 ? "its" : "their")} harm is no lack of robustness."
            );
        return text;
    }

    private static void SayAttack(Paragraph text, PerturbationFacts attack, RunBibliography bibliography)
    {
        CellSummary cell = attack.First;
        Inline[] strengths =
        [
            .. attack.Budgets.Select(b => Budgets.Phrase(b.Key, b)),
            .. attack.HasUnbounded ? [Inline.Text("no budget")] : Array.Empty<Inline>(),
        ];
        Inline within = attack.Budgets.Any() ? Sentence.Format($"within {Inline.List(strengths)}") : Inline.Text("without a budget");
        string crafted = cell.CraftedOn.Count > 0 ? $", crafted on {string.Join(" and ", cell.CraftedOn)}" : "";
        string name = cell.Perturbation == cell.Use ? "The attack" : "The perturbation";
        Inline what = cell.Perturbation == cell.Use ? Inline.Text("") : Sentence.Format($" is the attack {Inline.Code(cell.Use)}");
        string verb = cell.Perturbation == cell.Use ? " maximised" : " maximising";
        text.Say(
            $"{name} {Inline.Code(cell.Perturbation)}{what}{Inline.Cite(bibliography.Cite($"attack/{cell.Use}", attack.Options))}"
                + $"{OptionText.InBrackets(attack.Options)}{verb} {Objective.Describe(cell.Objective!)} in {Domain(cell)} {within}"
                + $"{crafted}."
        );
        if (attack.Specification is { } specification && specification.TryGetProperty("resynthesis", out var steps))
            text.Say($"Audio with nearly the perturbed features was searched for by {steps.GetInt32()} gradient steps a clip.");
    }

    private static void SayCorruption(Paragraph text, PerturbationFacts corruption, RunBibliography bibliography)
    {
        CellSummary cell = corruption.First;
        IReadOnlyList<int> severities = corruption.Severities;
        Inline strength =
            severities.Count == 0
                ? Inline.Text("")
                : Sentence.Format(
                    $", at severit{(severities.Count == 1 ? "y" : "ies")} "
                        + $"{Inline.List(severities.Select(s => Inline.Text(FormattableString.Invariant($"{s}"))))} of 5"
                );
        Inline what = cell.Perturbation == cell.Use ? Inline.Text("") : Sentence.Format($" is {Inline.Code(cell.Use)}");
        string and = cell.Perturbation == cell.Use ? "" : " and";
        text.Say(
            $"The corruption {Inline.Code(cell.Perturbation)}{what}"
                + $"{Inline.Cite(bibliography.Cite($"corruption/{cell.Use}", corruption.Options))}"
                + $"{OptionText.InBrackets(corruption.Options)}{and} was applied to {Domain(cell)}{strength}."
        );
    }

    private static void SayPrecision(Paragraph text, RunFacts facts)
    {
        foreach (
            var group in facts
                .Results.Cells.Where(c => c.Objective is not null && c.Result is not null)
                .GroupBy(c => c.Result!.Precision)
                .OrderBy(g => g.Key)
        )
        {
            string precision = KebabCase.Convert(group.Key.ToString());
            if (facts.Results.Cells.All(c => c.Objective is null || c.Result is null || c.Result.Precision == group.Key))
                text.Say($"Attacks computed in {precision}{(group.Key == Precision.Fp32 ? "" : "; what they found was judged in fp32")}.");
            else
                text.Say(
                    $"Attacks on {Inline.List(group.Select(c => c.Model).Distinct(StringComparer.Ordinal).Select(Inline.Code))} computed "
                        + $"in {precision}{(group.Key == Precision.Fp32 ? "" : "; what they found was judged in fp32")}."
                );
        }
    }

    private static string Domain(CellSummary cell) => cell.Domain == "waveform" ? "waveforms" : "the features";
}
