using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>Submits jobs of a benchmark, and says whose fault it is where Slurm refuses one.</summary>
internal sealed class Sbatch(string benchmark)
{
    /// <param name="options">The user's.</param>
    /// <param name="own">What makes the job what it is.</param>
    /// <param name="script">It and its arguments.</param>
    /// <exception cref="UserErrorException">Slurm refuses it (<see cref="ErrorKind.Input"/> where it names an option), or cannot be
    /// asked.</exception>
    public SlurmJobId Submit(
        IReadOnlyList<SlurmOption> options,
        IReadOnlyList<string> own,
        IReadOnlyList<string> script,
        CancellationToken cancel
    )
    {
        string[] arguments =
        [
            "--parsable",
            "--requeue",
            "--open-mode=append",
            $"--job-name=merbench-{benchmark}",
            .. options.Where(o => !o.IsLeftOut).Select(o => o.ToString()),
            .. own,
            .. script,
        ];
        SlurmAnswer answer = SlurmProgram.Ask("sbatch", arguments, cancel);
        if (answer.ExitCode != 0)
            throw Explain(options, answer);
        return SlurmJobId.Find(answer.Output)
            ?? throw new UserErrorException(
                $"sbatch named no job: {answer.DescribeFailure()}. Look with 'squeue --me' what it did.",
                ErrorKind.Environment
            );
    }

    /// <summary>Has a job wait for the end of others, whatever that is.</summary>
    public static IEnumerable<string> AfterAll(IReadOnlyList<SlurmJobId> jobs) =>
        jobs.Count == 0
            ? []
            : [$"--dependency=afterany:{string.Join(':', jobs.Select(j => j.Number.ToString(CultureInfo.InvariantCulture)))}"];

    /// <param name="name">With patterns, which folders must not look like.</param>
    public static string Output(string folder, string name) => $"--output={folder.Replace("%", "%%", StringComparison.Ordinal)}/{name}";

    private static UserErrorException Explain(IReadOnlyList<SlurmOption> options, SlurmAnswer answer)
    {
        string said = answer.DescribeFailure();
        if (options.FirstOrDefault(o => IsMeant(o, answer.Errors)) is not { } blamed)
            return new UserErrorException($"sbatch cannot submit: {said}", ErrorKind.Environment);
        string place = blamed.At is { } at ? $"{at}: error: " : "";
        return new UserErrorException($"{place}sbatch refuses '{blamed}': {said}");
    }

    // Slurm says which option it does not like, by its name or its value.
    private static bool IsMeant(SlurmOption option, string errors) =>
        !option.IsLeftOut
        && (
            errors.Contains($"--{option.Name}", StringComparison.Ordinal)
            || errors.Contains($"invalid {option.Name}", StringComparison.OrdinalIgnoreCase)
            || errors.Contains($"({option.Name})", StringComparison.OrdinalIgnoreCase)
            || (option.Value.Length > 2 && errors.Contains(option.Value, StringComparison.Ordinal))
        );
}
