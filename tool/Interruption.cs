using System.Runtime.InteropServices;
using MerBench.Tool.Display;

namespace MerBench.Tool;

/// <summary>Ends work cleanly on the first Ctrl+C or SIGTERM, and at once on the second.</summary>
internal static class Interruption
{
    // SIGXFSZ, which .NET has no name for.
    private const PosixSignal FileTooLarge = (PosixSignal)25;

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
        using var terminated = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            }
        );
        try
        {
            return work(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Terminal.Warn(message);
            return ExitCode.Interrupted;
        }
        finally
        {
            Console.CancelKeyPress -= OnCancel;
        }
    }
}
