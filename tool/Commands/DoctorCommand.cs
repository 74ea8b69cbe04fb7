using System.CommandLine;
using MerBench.Host.Data;
using MerBench.Host.Diagnosis;
using MerBench.Host.Plugins;
using MerBench.Host.Runs;
using MerBench.Reports.Console;
using MerBench.Reports.Figures;
using MerBench.Tool.Display;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<string?> cache = CommonOptions.Cache();
        Option<string?> libtorch = CommonOptions.LibTorch();
        Option<string> device = new("--device")
        {
            Description = "auto, cpu, cuda, cuda:N or cuda:all; several separated by commas.",
            DefaultValueFactory = _ => "auto",
        };
        Option<bool> store = new("--store")
        {
            Description =
                "Check the files of the cache folder instead: all that is not as it was written is named, and the exit code is 4.",
        };
        Option<bool> json = CommonOptions.Json("the findings");
        var command = new Command("doctor", "Say which libtorch, device, decoder, plugins and threads were found, and what is wrong.")
        {
            plugins,
            cache,
            libtorch,
            device,
            store,
            json,
        };
        command.SetAction(parsed =>
        {
            string folder = new RunRequest("benchmark.yaml", []) { Cache = parsed.GetValue(cache) }.CacheFolder;
            if (parsed.GetValue(store))
                return Tell(StoreCheck.Examine(folder), parsed.GetValue(json));
            var examination = new Examination(
                parsed.GetValue(libtorch),
                parsed.GetValue(device)!,
                null,
                folder,
                () => new FfmpegDecoder().Probe(),
                () => PluginCatalogs.For(null, parsed.GetValue(plugins) ?? []),
                ToolProgram.SelfTest
            );
            return Tell([.. Doctor.Examine(examination), FigureCheck.Examine()], parsed.GetValue(json));
        });
        return command;
    }

    private static int Tell(IReadOnlyList<Finding> findings, bool json)
    {
        if (json)
            Terminal.WriteJson(findings);
        else
            Write(Terminal.Output, findings);
        return findings.Any(f => f.Status == FindingStatus.Problem) ? ExitCode.EnvironmentWrong : ExitCode.Fine;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<Finding> findings)
    {
        int areaWidth = findings.Max(f => f.Area.Length) + 2,
            statusWidth = findings.Max(f => Word(f.Status).Length) + 2;
        foreach (Finding finding in findings)
        {
            console.Write(
                new FlowText(0, statusWidth + areaWidth)
                    .Add(Word(finding.Status).PadRight(statusWidth), StyleOf(finding.Status))
                    .Add(finding.Area.PadRight(areaWidth))
                    .Add(finding.What)
            );
            if (finding.Advice.Length > 0)
                console.Write(new FlowText(statusWidth + areaWidth, statusWidth + areaWidth).Add(finding.Advice, Style.Parse("yellow")));
        }
    }

    private static string Word(FindingStatus status) => status.ToString().ToLowerInvariant();

    private static Style StyleOf(FindingStatus status) =>
        Style.Parse(
            status switch
            {
                FindingStatus.Ok => "green",
                FindingStatus.Warning => "yellow",
                _ => "red",
            }
        );
}
