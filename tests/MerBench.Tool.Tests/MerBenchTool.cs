using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>The tool, run as a process in a folder of its own, as a user does.</summary>
internal sealed class MerBenchTool : IDisposable
{
    private static readonly Lazy<IReadOnlyList<(string Name, string Value)>> Arithmetic = new(ChooseArithmetic);

    /// <param name="report">Whether runs make pages, pictures and sounds, which takes as long as a small run.</param>
    /// <param name="isolated">Whether plugins of others get processes of their own, each of which takes as long as a small run.</param>
    public MerBenchTool(bool report = false, bool isolated = false)
    {
        Folder = Directory.CreateTempSubdirectory("merbench-test-").FullName;
        Variables["MERBENCH_PLUGINS"] = Directory.CreateDirectory(PathOf("user-plugins")).FullName;
        Variables["MERBENCH_THREADS"] = "1";
        Variables["NO_COLOR"] = "1";
        // Most runs are over before code that is compiled a second time pays.
        Variables["DOTNET_TC_CallCountingDelayMs"] = "2000";
        Variables["MERBENCH_REPORT"] = report ? null : "off";
        Variables["MERBENCH_ISOLATION"] = isolated ? null : "none";
        Variables["DiffEngine_Disabled"] = "true";
        // Of test hosts alone: users' runs collect as they do.
        Variables["DOTNET_GCgen0size"] = null;
        // Each folder has a store of its own, and none would know what another's self-test found.
        foreach ((string name, string value) in Arithmetic.Value)
            Variables[name] = value;
        // The tool behaves differently on build servers, where this test may run.
        foreach (
            string server in new[]
            {
                "CI",
                "GITHUB_ACTIONS",
                "GITHUB_ACTION",
                "GITHUB_STEP_SUMMARY",
                "GITLAB_CI",
                "TF_BUILD",
                "TEAMCITY_VERSION",
                "JENKINS_URL",
                "APPVEYOR",
                "TRAVIS",
            }
        )
            Variables[server] = null;
    }

    /// <summary>The tool as its package holds it, compiled ahead; on systems without a package of their own, as it was built.</summary>
    public static string Assembly { get; set; } = Fact("Tool");

    public static string Repository { get; } = Fact("Repository");

    public static string Configuration { get; } = Fact("Configuration");

    public string Folder { get; }

    public Dictionary<string, string?> Variables { get; } = new(StringComparer.Ordinal);

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string content)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public JsonNode Results(string benchmark) => JsonNode.Parse(File.ReadAllText(PathOf($"merbench-results/{benchmark}/results.json")))!;

    public Task<BufferedCommandResult> Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    /// <summary>Runs the tool; cancelling sends it Ctrl+C.</summary>
    public async Task<BufferedCommandResult> Run(CancellationToken interrupt, params string[] arguments)
    {
        var output = new StringBuilder();
        var errors = new StringBuilder();
        DateTimeOffset start = DateTimeOffset.Now;
        CommandTask<CommandResult> task = Command(arguments)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(errors))
            .ExecuteAsync(CancellationToken.None, CancellationToken.None);
        await using (interrupt.Register(() => Interrupt(task.ProcessId)))
        {
            CommandResult result = await task;
            return new BufferedCommandResult(result.ExitCode, start, DateTimeOffset.Now, output.ToString(), errors.ToString());
        }
    }

    public Command Command(params string[] arguments) =>
        Cli.Wrap("dotnet")
            .WithArguments([Assembly, .. arguments])
            .WithWorkingDirectory(Folder)
            .WithEnvironmentVariables(Variables)
            .WithValidation(CommandResultValidation.None);

    public static void Interrupt(int process) =>
        System
            .Diagnostics.Process.Start("kill", ["-INT", process.ToString(System.Globalization.CultureInfo.InvariantCulture)])
            .WaitForExit();

    /// <summary>Copies a folder with all that is in it.</summary>
    public static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // What a shell is told to set for all runs; nothing where the self-test fails, so that each run says so itself.
    private static List<(string Name, string Value)> ChooseArithmetic()
    {
        DirectoryInfo store = Directory.CreateTempSubdirectory("merbench-self-test-");
        BufferedCommandResult result = Cli.Wrap("dotnet")
            .WithArguments([Assembly, "self-test", "--export", "--cache", store.FullName])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync()
            .GetAwaiter()
            .GetResult();
        store.Delete(recursive: true);
        return
        [
            .. result
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line["export ".Length..].Split('=', 2))
                .Select(variable => (variable[0], variable[1])),
        ];
    }

    private static string Fact(string key) =>
        typeof(MerBenchTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
