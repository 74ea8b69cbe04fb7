using System.CommandLine;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Runs;
using MerBench.Host.Torch;

namespace MerBench.Tool.Commands;

/// <summary>How benchmarks are run: the options of the verbs that run them.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string[]> _plugins = CommonOptions.Plugins();
    private readonly Option<string?> _cache = CommonOptions.Cache();
    private readonly Option<string?> _libtorch = CommonOptions.LibTorch();
    private readonly Option<string?> _device = new("--device")
    {
        Description =
            "auto, cpu, cuda, cuda:N or cuda:all; several, separated by commas, share the run, a worker process each. Default: the "
            + "benchmark's 'device', else auto.",
        HelpName = "DEVICE",
    };
    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads for torch, shared by the devices. Default: MERBENCH_THREADS, else all cores.",
        HelpName = "N",
    };

    private readonly Option<Isolation?> _isolation = CommonOptions.Isolation();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _plugins, _cache, _libtorch, _device, _threads, _isolation })
            command.Add(option);
    }

    public RunRequest Request(ParseResult parsed, string file, string? output) =>
        new(file, parsed.GetValue(_plugins) ?? [])
        {
            Output = output,
            Cache = parsed.GetValue(_cache),
            LibTorch = parsed.GetValue(_libtorch),
            Devices = parsed.GetValue(_device) is { } device ? DeviceNames.Parse(device) : null,
            Threads = parsed.GetValue(_threads),
            Isolation = parsed.GetValue(_isolation),
            Tool = ToolProgram.Command,
            Command = string.Join(
                ' ',
                ["merbench", .. parsed.Tokens.Select(t => t.Value.Contains(' ', StringComparison.Ordinal) ? $"'{t.Value}'" : t.Value)]
            ),
            ExitCodes = ExitCode.OfRuns,
        };
}
