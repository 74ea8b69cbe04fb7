using System.Collections;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests.Packaging;

/// <summary>Runs the dotnet command line.</summary>
internal static class DotNet
{
    /// <summary>Runs a command and returns its exit code and everything it said.</summary>
    public static async Task<(int ExitCode, string Output)> Try(string folder, params string[] arguments)
    {
        BufferedCommandResult result = await Cli.Wrap(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
            .WithWorkingDirectory(folder)
            // A compiler or build server would outlive the command and keep its output open.
            .WithArguments([.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false"])
            .WithEnvironmentVariables(WithoutOuterBuild())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task Run(string folder, params string[] arguments)
    {
        (int exitCode, string output) = await Try(folder, arguments);
        Assert.That(exitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{output}");
    }

    // The test may itself run within a build, whose variables would mislead the inner one.
    private static Dictionary<string, string?> WithoutOuterBuild()
    {
        var variables = new Dictionary<string, string?>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (((string)variable.Key).StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                variables[(string)variable.Key] = null;
        variables["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        return variables;
    }
}
