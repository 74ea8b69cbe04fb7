using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Runs;
using MerBench.Host.Text;
using MerBench.Tool.Commands;
using MerBench.Tool.Display;

namespace MerBench.Tool.Supervision;

/// <summary>
/// Runs a verb in a child of this process where plugins of others may be loaded: their code never runs in the process whose exit code
/// people see, and an exit code counts only after the verb's own last word.
/// </summary>
internal sealed class Supervisor(string verb, string[] arguments)
{
    private static readonly SupervisionNews Begun = new("it began", Loading: null, ExitCode: null);
    private const string PluginOption = "--plugin",
        IsolationOption = "--isolation";

    private static readonly TimeSpan LongestLoading = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _unusable = new(StringComparer.Ordinal);
    private SupervisionNews _last = Begun;
    private long _heard;
    private volatile bool _isInterrupted;
    private volatile bool _isOverlong;

    /// <summary>Whether a verb may load plugins that do not come with MerBench, and nobody asks for one process.</summary>
    public static bool IsNeeded(ParseResult command)
    {
        if (OperatingSystem.IsWindows() || !LoadsPlugins(command.CommandResult.Command))
            return false;
        bool isWanted = Values(command, IsolationOption) is [.., var asked]
            ? asked != "none"
            : RunRequest.IsolationOfEnvironment == Isolation.Process;
        return isWanted && HoldGuests(command);
    }

    /// <summary>Runs the verb, once more for each assembly that ends the process when it is loaded.</summary>
    public int Run()
    {
        while (true)
        {
            (int exitCode, SupervisionNews last) = RunOnce();
            if (last.ExitCode is { } said)
                return said;
            if (_isInterrupted)
                return exitCode == ExitCode.Fine ? ExitCode.Interrupted : exitCode;
            string how = _isOverlong
                ? $"was ended, as that took longer than {LongestLoading.TotalSeconds:0} s"
                : ExitDescription.Describe(exitCode);
            if (last.Loading is { } assembly && _unusable.TryAdd(assembly, $"the process that loaded it {how}"))
                continue;
            Terminal.Warn(
                $"error: 'merbench {verb}' is not finished: its process {how}, while {last.Step}. Plugins of others ran in it; what was "
                    + "finished before is kept."
            );
            return ExitCode.EnvironmentWrong;
        }
    }

    private static bool LoadsPlugins(Command verb) => verb.Name == "init" || verb.Options.Any(o => o.Name == PluginOption);

    private static bool HoldGuests(ParseResult command)
    {
        IReadOnlyList<string> plugins = Values(command, PluginOption);
        string?[] files = [.. Values(command, "file"), .. Values(command, "--file")];
        try
        {
            return files.DefaultIfEmpty(null).Any(file => PluginFolders.Standard(file, plugins).HoldGuests());
        }
        catch (Exception e) when (e is UserErrorException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The verb says it better.
            return false;
        }
    }

    private static IReadOnlyList<string> Values(ParseResult command, string name)
    {
        Command verb = command.CommandResult.Command;
        SymbolResult?[] given =
        [
            .. verb.Options.Where(o => o.Name == name).Select(command.GetResult),
            .. verb.Arguments.Where(a => a.Name == name).Select(command.GetResult),
        ];
        return [.. given.OfType<SymbolResult>().SelectMany(r => r.Tokens).Select(t => t.Value)];
    }

    private (int ExitCode, SupervisionNews Last) RunOnce()
    {
        using var orders = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        using var news = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        IReadOnlyList<string> command = ToolProgram.Command;
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments]) { UseShellExecute = false };
        start.Environment[SupervisedProcess.Variable] = $"{orders.GetClientHandleAsString()} {news.GetClientHandleAsString()}";
        if (_unusable.Count > 0)
            start.Environment[GuestWatch.UnusableVariable] = JsonSerializer.Serialize(_unusable);
        using Process child = Process.Start(start)!;
        orders.DisposeLocalCopyOfClientHandle();
        news.DisposeLocalCopyOfClientHandle();
        using PosixSignalRegistration interrupt = PassOn(PosixSignal.SIGINT, orders),
            termination = PassOn(PosixSignal.SIGTERM, orders);
        using var watch = new Timer(_ => EndLongLoading(child), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        (_last, _isOverlong) = (Begun, false);
        Follow(news);
        child.WaitForExit();
        return (child.ExitCode, _last);
    }

    private void Follow(Stream news)
    {
        using var reader = new StreamReader(news);
        while (reader.ReadLine() is { } line)
        {
            _last = JsonSerializer.Deserialize<SupervisionNews>(line) ?? _last;
            Interlocked.Exchange(ref _heard, Stopwatch.GetTimestamp());
        }
    }

    private void EndLongLoading(Process child)
    {
        if (_last.Loading is null || Stopwatch.GetElapsedTime(Interlocked.Read(ref _heard)) < LongestLoading)
            return;
        _isOverlong = true;
        child.Kill(entireProcessTree: true);
    }

    private PosixSignalRegistration PassOn(PosixSignal signal, Stream orders)
    {
        var writer = new StreamWriter(orders) { AutoFlush = true };
        return PosixSignalRegistration.Create(
            signal,
            received =>
            {
                received.Cancel = true;
                _isInterrupted = true;
                SideOutput.Write(() => writer.WriteLine(signal));
            }
        );
    }
}
