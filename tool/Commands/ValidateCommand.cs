using System.CommandLine;
using System.Text.Json;
using MerBench.Host.Execution;
using MerBench.Host.Matrix;
using MerBench.Host.Results;

namespace MerBench.Tool.Commands;

internal static class ValidateCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<bool> cells = new("--cells") { Description = "Also print the name of every cell." };
        Option<bool> json = CommonOptions.Json("the cells");
        var command = new Command("validate", "Check a benchmark file and expand its matrix, without running anything.") { file, plugins, cells, json };
        command.SetAction(parsed =>
        {
            RunPlan plan = BenchmarkRun.Plan(new RunRequest(parsed.GetRequiredValue(file), parsed.GetValue(plugins) ?? []));
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(
                    plan.Cells.Select(c => new { c.Name, Model = c.Model.Name, Perturbation = c.Perturbation.Name, c.Strength, c.Seed }), ResultJson.Options));
                return ExitCode.Fine;
            }

            Console.Out.WriteLine($"{parsed.GetValue(file)} is valid: {plan.Definition.Models.Count} models, {plan.Definition.Perturbations.Count} perturbations, {plan.Definition.Seeds.Count} seeds, {plan.Cells.Count} cells.");
            if (parsed.GetValue(cells))
                foreach (Cell cell in plan.Cells) Console.Out.WriteLine(cell.Name);
            return ExitCode.Fine;
        });
        return command;
    }
}
