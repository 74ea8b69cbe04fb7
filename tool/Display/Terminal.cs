using System.CommandLine;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Reports.Console;
using MerBench.Tool.Commands;
using Spectre.Console;

namespace MerBench.Tool.Display;

/// <summary>What all verbs write to: data to stdout, everything else to stderr.</summary>
internal static class Terminal
{
    public static IAnsiConsole Output { get; } =
        ConsoleTraits.Find(!StandardStreams.IsOutputRedirected, Environment.GetEnvironmentVariable).Create(Console.Out);

    public static IAnsiConsole Errors { get; } =
        ConsoleTraits.Find(!Console.IsErrorRedirected, Environment.GetEnvironmentVariable).Create(Console.Error);

    /// <summary>Data for scripts; see <see cref="ResultJson"/>.</summary>
    public static void WriteJson(object data) => Console.Out.WriteLine(JsonSerializer.Serialize(data, ResultJson.Options));

    /// <summary>A line of data for people.</summary>
    public static void WriteLine(string line) => Output.Write(new FlowText(0, 2).Add(line));

    /// <summary>What is good to know and is no result: left out by <c>--quiet</c>.</summary>
    public static void Remark(ParseResult parsed, string line)
    {
        if (!parsed.GetValue(CommonOptions.Quiet))
            Warn(line);
    }

    /// <summary>Writes something beside a verdict, which does not depend on it.</summary>
    /// <param name="what">The file, or the variable that names it.</param>
    public static void Try(string what, Action write)
    {
        if (SideOutput.Write(write) is { } reason)
            Warn($"warning: {what} is not written: {reason}");
    }

    /// <summary>What must be said, whatever the user has asked for.</summary>
    public static void Warn(string line) => Errors.Write(new FlowText(0, 2).Add(line));
}
