using System.CommandLine;
using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Reading;

namespace MerBench.Tool.Commands;

/// <summary>How <c>run</c> is told to hand a study to a cluster.</summary>
internal sealed class ClusterOptions
{
    private const string Local = "local",
        Slurm = "slurm";

    private readonly Option<string?> _executor = new Option<string?>("--executor")
    {
        Description = "Who computes: local (this machine), or slurm (shards as jobs of a cluster). Default: the benchmark's 'executor'.",
        HelpName = "NAME",
    }.AcceptOnlyFromAmong(Local, Slurm);

    private readonly Option<string[]> _options = new("--slurm")
    {
        Description =
            "An option of the benchmark's 'executor: with', as shards=8, time=2:00:00 or any other of sbatch; wins over the file. "
            + "Repeatable.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<bool> _wait = new("--wait")
    {
        Description = "Follow the jobs of --executor slurm until they are merged; the exit code is that of the merge.",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _executor, _options, _wait })
            command.Add(option);
    }

    /// <exception cref="UserErrorException">Options of a cluster are given, and none is meant.</exception>
    public bool IsMeant(ParseResult parsed, string file)
    {
        bool isMeant = parsed.GetValue(_executor) is { } named ? named == Slurm : BenchmarkReader.NamesSlurm(file);
        if (!isMeant && (Waits(parsed) || parsed.GetValue(_options) is { Length: > 0 }))
            throw new UserErrorException("--slurm and --wait belong to a cluster: give --executor slurm too.");
        return isMeant;
    }

    public bool Waits(ParseResult parsed) => parsed.GetValue(_wait);

    /// <exception cref="UserErrorException">One is none.</exception>
    public IReadOnlyList<SlurmOption> ReadOptions(ParseResult parsed) => [.. (parsed.GetValue(_options) ?? []).Select(ReadOption)];

    private static SlurmOption ReadOption(string text)
    {
        (string name, string value) = text.Split('=', 2) is [var before, var after] ? (before, after) : (text, "true");
        return SlurmSettings.FindFault(name, value) is { } fault
            ? throw new UserErrorException($"--slurm {text}: {fault.Message}{(fault.Hint.Length > 0 ? $"; {fault.Hint}" : "")}")
            : new SlurmOption(name, value, null);
    }
}
