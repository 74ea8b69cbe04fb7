using System.Reflection;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Testing;

/// <summary>The MerBench tool, as the tests of an assembly run it: in the project's folder, with the project's plugins.</summary>
internal sealed class ToolCommand
{
    private const string Variable = "MERBENCH_TOOL";

    private readonly string[] _command;

    private ToolCommand(Assembly tests)
    {
        Dictionary<string, string[]> facts = tests
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .GroupBy(a => a.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(a => a.Value ?? "").ToArray(), StringComparer.Ordinal);
        ProjectDirectory =
            facts.TryGetValue("MerBench.ProjectDirectory", out string[]? folder) && Directory.Exists(folder[0])
                ? folder[0]
                : Directory.GetCurrentDirectory();
        Plugins = facts.GetValueOrDefault("MerBench.Plugin") ?? [];
        _command = (
            Environment.GetEnvironmentVariable(Variable)
            ?? (facts.TryGetValue("MerBench.Tool", out string[]? tool) ? tool[0] : "dotnet merbench")
        ).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    public string ProjectDirectory { get; }

    /// <summary>Assemblies of the plugins that the test project names.</summary>
    public IReadOnlyList<string> Plugins { get; }

    public static ToolCommand Find(Assembly tests) => new(tests);

    /// <summary>Runs a verb; returns what it wrote to stdout.</summary>
    /// <exception cref="InvalidOperationException">The tool was not found, or said that its input or environment is wrong.</exception>
    public async Task<string> Run(CancellationToken cancel, params string[] arguments)
    {
        BufferedCommandResult result;
        try
        {
            result = await Cli.Wrap(_command[0])
                .WithArguments([.. _command[1..], .. arguments, .. Plugins.SelectMany(p => new[] { "--plugin", p })])
                .WithWorkingDirectory(ProjectDirectory)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancel);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException(
                $"'{_command[0]}' cannot be run: {e.Message}. Install MerBench with 'dotnet tool install dotnet-merbench', or set "
                    + $"{Variable} or the MSBuild property MerBenchTool.",
                e
            );
        }

        // 1 and 2 are findings; all else means that there are none.
        if (
            result.ExitCode is 0 or 1 or 2
            && (result.StandardOutput.AsSpan().TrimStart().StartsWith("[") || result.StandardOutput.AsSpan().TrimStart().StartsWith("{"))
        )
            return result.StandardOutput;
        throw new InvalidOperationException(
            $"'{string.Join(' ', _command)} {arguments[0]}' ended with {result.ExitCode}: {result.StandardError.Trim()}"
        );
    }
}
