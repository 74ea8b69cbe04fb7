using System.CommandLine;
using System.Text.Json;
using MerBench.Host.Data;
using MerBench.Host.Diagnosis;
using MerBench.Host.Execution;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<string?> cache = CommonOptions.Cache();
        Option<string?> libtorch = CommonOptions.LibTorch();
        Option<string> device = new("--device") { Description = "auto, cpu, cuda, cuda:N or cuda:all; several separated by commas.", DefaultValueFactory = _ => "auto" };
        Option<bool> json = CommonOptions.Json("the findings");
        var command = new Command("doctor", "Say which libtorch, device, decoder, plugins and threads were found, and what is wrong.") { plugins, cache, libtorch, device, json };
        command.SetAction(parsed =>
        {
            string folder = new RunRequest("benchmark.yaml", [], Cache: parsed.GetValue(cache)).CacheFolder;
            IReadOnlyList<Finding> findings = Doctor.Examine(new Examination(
                parsed.GetValue(libtorch), parsed.GetValue(device)!, null, folder,
                () => new FfmpegDecoder().Probe(),
                () => PluginCatalogs.For(null, parsed.GetValue(plugins) ?? [])));
            if (parsed.GetValue(json)) Console.Out.WriteLine(JsonSerializer.Serialize(findings, ResultJson.Options));
            else Write(AnsiConsole.Console, findings);
            return findings.Any(f => f.Status == FindingStatus.Problem) ? ExitCode.EnvironmentWrong : ExitCode.Fine;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (Finding finding in findings)
        {
            grid.AddRow(new Markup(Mark(finding.Status)), new Text(finding.Area), new Text(finding.What));
            if (finding.Advice.Length > 0) grid.AddRow(new Text(""), new Text(""), new Text(finding.Advice, Style.Parse("yellow")));
        }

        console.Write(grid);
    }

    private static string Mark(FindingStatus status) => status switch
    {
        FindingStatus.Ok => "[green]ok[/]",
        FindingStatus.Warning => "[yellow]warning[/]",
        _ => "[red]problem[/]",
    };
}
