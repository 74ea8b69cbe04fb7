using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A program of this machine, and the tool under the name <c>merbench</c> for it; tests that need one that is absent are skipped,
/// and say so.</summary>
internal static class InstalledProgram
{
    public static bool IsThere(string name) => Find(name) is not null;

    public static void Require(string name)
    {
        if (!IsThere(name))
            Assert.Ignore($"There is no {name} on this machine.");
    }

    /// <summary>Runs a program in the tool's folder; there, <c>merbench</c> and <c>dotnet merbench</c> are the tool.</summary>
    public static async Task<BufferedCommandResult> Run(MerBenchTool tool, string program, params string[] arguments)
    {
        Require(program);
        return await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(tool.Folder)
            .WithEnvironmentVariables(Variables(tool))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
    }

    /// <summary>Those of the tool, by which a shell finds it.</summary>
    public static IReadOnlyDictionary<string, string?> Variables(MerBenchTool tool) =>
        new Dictionary<string, string?>(tool.Variables, StringComparer.Ordinal)
        {
            ["PATH"] = $"{Shims(tool)}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = tool.Folder,
            ["MERBENCH_TEST_TOOL"] = MerBenchTool.Assembly,
        };

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static string Shims(MerBenchTool tool)
    {
        string folder = tool.PathOf(".programs");
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? Find("dotnet")!;
        if (Directory.Exists(folder))
            return folder;
        Write("merbench", $"exec '{dotnet}' \"$MERBENCH_TEST_TOOL\" \"$@\"");
        Write("dotnet", $"[ \"$1\" = merbench ] && shift && exec '{dotnet}' \"$MERBENCH_TEST_TOOL\" \"$@\"\nexec '{dotnet}' \"$@\"");
        return folder;

        void Write(string name, string lines)
        {
            string script = tool.Write($".programs/{name}", $"#!/bin/sh\n{lines}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
