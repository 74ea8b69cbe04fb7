using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>What trainings have cost, as a table; without rows where nothing was trained by gradient descent.</summary>
internal static class TrainingCostTable
{
    public const string Note =
        "Means over seeds, of everything up to the end of training and not only to the best epoch. Calls are clips: forward through the "
        + "network, or differentiated; those of attacks are in brackets.";

    public static ReportTable Create(RunResults results)
    {
        IReadOnlyList<TrainingCost> costs = TrainingCost.Summarise(results);
        return new ReportTable(
            "Training cost",
            ["Model", "Seeds", "Seconds", "Forward calls", "Gradient calls", "TFLOP", "x first"],
            [
                .. costs.Select(
                    IReadOnlyList<string> (c) =>
                        [
                            c.Model,
                            Number(c.Seeds, "0"),
                            Number(c.Seconds, "0.0"),
                            Calls(c.ForwardCalls, c.AttackForwardCalls),
                            Calls(c.GradientCalls, c.AttackGradientCalls),
                            c.Flops is { } flops ? Number(flops / 1e12, "0.00") : "",
                            c.Flops / costs[0].Flops is { } ratio ? Number(ratio, "0.0") : "",
                        ]
                ),
            ],
            TextColumns: 1
        );
    }

    private static string Calls(double own, double attacks) =>
        attacks > 0 ? $"{Number(own + attacks, "0")} ({Number(attacks, "0")})" : Number(own, "0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
