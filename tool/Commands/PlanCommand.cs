using System.CommandLine;
using System.Globalization;
using MerBench.Host.Distribution;
using MerBench.Host.Text;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class PlanCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        var engine = new EngineOptions();
        Option<string> output = new("--output", "-o")
        {
            Description = "Folder for plan.json.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "plan",
        };
        Option<int?> shards = new("--shards") { Description = "Also say what each of so many shards will do.", HelpName = "N" };
        Option<bool> json = CommonOptions.Json("the plan");
        var command = new Command(
            "plan",
            "Write down what a run would do, for shards of it on other machines. Prepares the dataset's features once, for all of them."
        )
        {
            file,
            output,
            shards,
            json,
        };
        engine.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Interruption.Guard(stop =>
                    {
                        StudyPlan plan = RunDisplay.Follow(
                            parsed.GetValue(CommonOptions.Quiet),
                            tell => StudyPlanner.Create(engine.Request(parsed, parsed.GetRequiredValue(file), null), tell, stop)
                        );
                        string folder = parsed.GetRequiredValue(output);
                        plan.Write(folder);
                        if (parsed.GetValue(json))
                            Terminal.WriteJson(plan);
                        else
                            Write(plan, folder, parsed.GetValue(shards));
                        return ExitCode.Fine;
                    })
                )
        );
        return command;
    }

    private static void Write(StudyPlan plan, string folder, int? shards)
    {
        Terminal.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{plan.Benchmark}: {Quantity.Write(plan.Models.Count, "model")}, {Quantity.Write(plan.ListCells().Count(), "cell")}; "
                    + $"{Path.Combine(folder, StudyPlan.FileName)}"
            )
        );
        if (shards is not { } count)
            return;
        IReadOnlyList<ShardPart> parts = ShardPlan.Divide(plan, Math.Max(1, count));
        double all = parts.Sum(p => p.Work);
        foreach (var shard in parts.GroupBy(p => p.Shard).OrderBy(g => g.Key))
            Terminal.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"shard {shard.Key}/{count}: {Quantity.Write(shard.Sum(p => p.Cells.Count), "cell")} of "
                        + $"{string.Join(", ", shard.Select(p => $"{p.Model.Name} seed {p.Model.Seed}"))}; "
                        + $"{100 * shard.Sum(p => p.Work) / all:0} % of the work"
                )
            );
    }
}
