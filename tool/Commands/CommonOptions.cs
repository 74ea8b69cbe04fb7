using System.CommandLine;
using System.CommandLine.Parsing;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Tool.Completion;

namespace MerBench.Tool.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Argument<string> BenchmarkFile() =>
        new Argument<string>("file") { Description = "The benchmark file (YAML)." }.OfBenchmarkFiles();

    /// <summary>An argument that may repeat takes what looks like an option for one more value, unless told otherwise.</summary>
    public static Argument<string[]> WithoutOptions(this Argument<string[]> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-')))
                result.AddError($"Unrecognized option '{token.Value}'.");
        });
        return argument;
    }

    public static Option<string[]> Plugins() =>
        new("--plugin")
        {
            Description =
                "A plugin assembly, or a folder with plugins, to load besides the bundled ones, 'plugins/' beside the file and "
                + "~/.merbench/plugins. Repeatable.",
            HelpName = "PATH",
        };

    /// <summary>Every verb has it.</summary>
    public static Option<bool> Quiet { get; } =
        new("--quiet", "-q") { Description = "No progress and no remarks; results and errors only.", Recursive = true };

    public static Option<bool> Json(string what) => new("--json") { Description = $"Write {what} as JSON." };

    public static Option<string?> LibTorch() =>
        new("--libtorch")
        {
            Description =
                "Folder of a libtorch to use instead of the bundled CPU one, such as site-packages/torch/lib. Also MERBENCH_LIBTORCH.",
            HelpName = "DIR",
        };

    /// <summary>Where verbs that belong to no benchmark keep what they found out about this machine.</summary>
    public static string UserCache =>
        Environment.GetEnvironmentVariable("MERBENCH_CACHE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".merbench");

    public static Option<Isolation?> Isolation() =>
        new("--isolation")
        {
            Description =
                "Where plugins of others run: process (processes of their own, which may crash) or none (this one). Default: the "
                + "benchmark's 'isolation', else MERBENCH_ISOLATION, else process.",
            CustomParser = result => Read(result),
            HelpName = "WHERE",
        };

    private static Isolation? Read(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "process":
                return Host.Configuration.Benchmarks.Isolation.Process;
            case "none":
                return Host.Configuration.Benchmarks.Isolation.None;
            default:
                result.AddError($"'{result.Tokens[0].Value}' is no isolation: expected process or none");
                return null;
        }
    }

    public static Option<string?> Cache() =>
        new("--cache")
        {
            Description = "Folder of finished cells, trained models and features. Default: MERBENCH_CACHE, else .merbench beside the file.",
            HelpName = "DIR",
        };
}
