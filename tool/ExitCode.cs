using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Runs;

namespace MerBench.Tool;

/// <summary>What the process tells scripts.</summary>
internal sealed class ExitCode : IExitCodes
{
    public const int Fine = 0;
    public const int CellFailed = 1;
    public const int Regressed = 2;
    public const int InputWrong = 3;
    public const int EnvironmentWrong = 4;

    /// <summary>Cells of a study are missing that nobody has computed yet.</summary>
    public const int Incomplete = 5;

    /// <summary>Stopped by Ctrl+C, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM, as clusters and containers send it before they kill.</summary>
    public const int Terminated = 143;

    public static ExitCode OfRuns { get; } = new();

    public int Find(RunResults results) => results.FailedCells > 0 || results.BeyondCertificate > 0 ? CellFailed : Fine;

    public int Find(Exception problem) =>
        problem switch
        {
            OperationCanceledException => Interruption.ExitCode,
            UserErrorException { Kind: ErrorKind.Input } or PluginUserException => InputWrong,
            _ => EnvironmentWrong,
        };
}
