using MerBench.Host.Results;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>What trainings cost, against the worst case that they bought.</summary>
internal static class TrainingCosts
{
    private const string Name = "training-costs";

    public static HtmlSection? Create(RunReportData data)
    {
        Dictionary<string, TrainingCost> costs = TrainingCost.Summarise(data.Results).ToDictionary(c => c.Model, StringComparer.Ordinal);
        HashSet<string> preserving = [.. data.Results.Summary.Where(s => s.LabelPreserving).Select(s => s.Perturbation)];
        // A model's worst strength of each perturbation; the page finds the worst of the perturbations that are chosen.
        ConditionEstimates[] rows =
        [
            .. data
                .Errors.Conditions.Where(c => costs.ContainsKey(c.Model) && preserving.Contains(c.Perturbation))
                .GroupBy(c => (c.Model, c.Perturbation, c.Emotion))
                .Select(g => g.MaxBy(c => c.Perturbed.Mean)!),
        ];
        if (rows.Length == 0)
            return null;
        PageData table = PageData.Create(
            Name,
            rows,
            ("model", r => r.Model),
            ("perturbation", r => data.Names[r.Perturbation]),
            ("strength", r => r.Strength),
            ("emotion", r => r.Emotion),
            ("perturbed", r => r.Perturbed.Mean),
            ("harm", r => r.Harm.Mean),
            ("seconds", r => costs[r.Model].Seconds),
            ("tflop", r => costs[r.Model].Flops / 1e12),
            ("forward_calls", r => costs[r.Model].ForwardCalls + costs[r.Model].AttackForwardCalls),
            ("gradient_calls", r => costs[r.Model].GradientCalls + costs[r.Model].AttackGradientCalls),
            (
                "attack_share",
                r =>
                    costs[r.Model] is var c
                        ? (c.AttackForwardCalls + c.AttackGradientCalls)
                            / (c.ForwardCalls + c.GradientCalls + c.AttackForwardCalls + c.AttackGradientCalls)
                        : 0
            )
        );
        var worst = new PageView(Name) { OneOf = ["model"], Largest = "perturbed" };
        bool flops = costs.Values.All(c => c.Flops is not null);
        return new HtmlSection(
            "cost",
            "Training cost and robustness",
            Markup.Format(
                $"""
            {Passage.Read("report", "cost").Paragraphs()}
            {Picture(worst, flops).Render()}
            {new PageTable("cost-table", "What trainings cost", worst,
            [
                new("model", "Model"),
                new("seconds", "Seconds", "one") { Meaning = "Wall time on the machine of the training" },
                new("tflop", "TFLOP", "significant") { Meaning = "Estimated floating-point operations" },
                new("forward_calls", "Forward calls", "whole") { Meaning = "Clips that went forward through the network, those of attacks included" },
                new("gradient_calls", "Gradient calls", "whole") { Meaning = "Clips that were differentiated, those of attacks included" },
                new("attack_share", "Attacks’ share", "percent") { Meaning = "Of the calls" },
                new("perturbed", "Worst-case MAE", "number"),
            ]).Render()}
            """
            )
        )
        {
            Data = [table],
        };
    }

    private static Chart Picture(PageView worst, bool flops)
    {
        (string field, string title) = flops
            ? ("tflop", "training cost (TFLOP, logarithmic)")
            : ("seconds", "training time (seconds, logarithmic)");
        return new Chart(
            "cost-robustness",
            "Worst case against training cost",
            "A scatter plot of the mean absolute error in the worst case against the cost of training, a point for each model.",
            worst,
            ChartSpec.Read("training-cost").Set("x.field", field).Set("x.title", title)
        )
        {
            Note = Markup.Format($"Lower and further left is better."),
        };
    }
}
