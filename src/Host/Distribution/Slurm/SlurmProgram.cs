using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using MerBench.Host.Text;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>What a program of Slurm answered.</summary>
internal sealed partial record SlurmAnswer(int ExitCode, string Output, string Errors)
{
    private const int MostLines = 3;

    /// <summary>What it said of its failure, in one line.</summary>
    public string DescribeFailure()
    {
        string[] lines =
        [
            .. $"{Errors}\n{(Errors.Trim().Length == 0 ? Output : "")}"
                .Split('\n')
                .Select(l => Prefix().Replace(l.Trim(), ""))
                .Where(l => l.Length > 0)
                .TakeLast(MostLines),
        ];
        return lines.Length == 0
            ? FormattableString.Invariant($"it ended with {ExitCode} and said nothing")
            : GuestText.Message(string.Join("; ", lines));
    }

    [GeneratedRegex("^[a-z]+: (error: |fatal: )?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();
}

/// <summary>Runs programs of Slurm, as found on the path.</summary>
internal static class SlurmProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // They say where Slurm is, and who asks; everything else speaks of the job in which this runs, and would be taken for options.
    private static readonly string[] Kept = ["SLURM_CONF", "SLURM_CONF_SERVER", "SLURM_JWT"];

    /// <summary>Inherited variables by which a user sets options of <c>sbatch</c>, which are not passed on.</summary>
    public static IReadOnlyList<string> IgnoredDefaults =>
        [.. FindScrubbed(Names).Where(v => v.StartsWith("SBATCH_", StringComparison.Ordinal))];

    private static IEnumerable<string> Names => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    /// <summary>Names of inherited variables that are not passed on.</summary>
    internal static IReadOnlyList<string> FindScrubbed(IEnumerable<string> variables) =>
        [
            .. variables
                .Where(v =>
                    (v.StartsWith("SLURM_", StringComparison.Ordinal) && !Kept.Contains(v, StringComparer.Ordinal))
                    || v.StartsWith("SBATCH_", StringComparison.Ordinal)
                    || v.StartsWith("SRUN_", StringComparison.Ordinal)
                    || v.StartsWith("SQUEUE_", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public static SlurmAnswer Ask(string program, IEnumerable<string> arguments, CancellationToken cancel) =>
        AskAsync(program, arguments, cancel).GetAwaiter().GetResult();

    private static async Task<SlurmAnswer> AskAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            BufferedCommandResult result = await Cli.Wrap(program)
                .WithArguments(arguments)
                .WithEnvironmentVariables(FindScrubbed(Names).ToDictionary(name => name, string? (_) => null, StringComparer.Ordinal))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(Encoding.UTF8, limit.Token)
                .ConfigureAwait(false);
            return new SlurmAnswer(result.ExitCode, result.StandardOutput, result.StandardError);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SlurmAnswer(
                -1,
                "",
                FormattableString.Invariant($"{program} did not answer within {Patience.TotalMinutes:0} minutes")
            );
        }
        catch (Win32Exception)
        {
            return new SlurmAnswer(-1, "", $"{program} is not on the PATH");
        }
    }
}
