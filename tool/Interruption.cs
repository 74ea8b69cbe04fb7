using System.Runtime.InteropServices;
using MerBench.Host.Torch;
using MerBench.Tool.Display;

namespace MerBench.Tool;

/// <summary>Ends work cleanly on the first Ctrl+C or SIGTERM, and at once on the second Ctrl+C. Clusters send SIGTERM and kill soon
/// after: whatever is still going on by then, the process is gone before.</summary>
internal static class Interruption
{
    // SIGXFSZ, which .NET has no name for.
    private const PosixSignal FileTooLarge = (PosixSignal)25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(18);

    /// <summary>What the process ends with where work was given up.</summary>
    public static int ExitCode { get; private set; } = Tool.ExitCode.Interrupted;

    /// <summary>Has a write beyond the limit of file sizes (<c>ulimit -f</c>) fail, instead of ending the process.</summary>
    public static IDisposable? SurviveFileSizeLimit() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileTooLarge, signal => signal.Cancel = true);

    public static int Guard(
        Func<CancellationToken, int> work,
        string message = "Interrupted. Finished cells and models are kept; the same command continues."
    )
    {
        using var stop = new CancellationTokenSource();
        void OnCancel(object? sender, ConsoleCancelEventArgs pressed)
        {
            pressed.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        Console.CancelKeyPress += OnCancel;
        using IDisposable terminated = OnTermination(stop.Cancel);
        try
        {
            return work(stop.Token);
        }
        catch (Exception problem) when (IsOfTheEnd(problem, stop.Token))
        {
            Terminal.Warn(message);
            return ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= OnCancel;
        }
    }

    /// <summary>Asks for the end on SIGTERM, and sees to it that it comes.</summary>
    public static IDisposable OnTermination(Action stop) =>
        PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                if (ExitCode == Tool.ExitCode.Terminated)
                    return;
                ExitCode = Tool.ExitCode.Terminated;
                // A thread of its own: all others may be at work.
                new Thread(() =>
                {
                    Thread.Sleep(Patience);
                    ProcessEnd.Now(ExitCode);
                })
                {
                    IsBackground = true,
                    Name = "end",
                }.Start();
                stop();
            }
        );

    // Programs that work for this one, as decoders, are told to end as well; that they fail then is no error.
    private static bool IsOfTheEnd(Exception problem, CancellationToken stop) =>
        stop.IsCancellationRequested && (problem is OperationCanceledException || ExitCode == Tool.ExitCode.Terminated);
}
