using MerBench.Host.Torch;
using MerBench.Tool.Display;

namespace MerBench.Tool.Supervision;

/// <summary>
/// Ends a process at once when a plugin does, by <see cref="Environment.Exit"/>, in the middle of a verb. What it wants to end with is
/// nobody's verdict; and left alone it would wait for the finalizer thread, which waits for the plugin's torch work to be over.
/// </summary>
internal static class UnfinishedEnd
{
    // Environment.Exit sets this first, and nothing else tells before it waits.
    private const int StillAtWork = 199;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private static volatile bool s_isFinished;

    /// <param name="isWatched">Whether another process tells people what became of this one.</param>
    public static void Watch(bool isWatched)
    {
        Environment.ExitCode = StillAtWork;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(isWatched);
        new Thread(() =>
        {
            while (!s_isFinished && Environment.ExitCode == StillAtWork)
                Thread.Sleep(BetweenLooks);
            End(isWatched);
        })
        {
            IsBackground = true,
            Name = "end",
        }.Start();
    }

    /// <summary>The verb has said its last word.</summary>
    public static void Finish() => s_isFinished = true;

    private static void End(bool isWatched)
    {
        if (s_isFinished)
            return;
        int wanted = Environment.ExitCode;
        if (!isWatched)
            Terminal.Warn(
                "error: something ended this process before its work was finished, as a plugin does that calls Environment.Exit. What was "
                    + "finished before is kept."
            );
        if (OperatingSystem.IsWindows())
            Environment.FailFast("ended in the middle of a verb");
        else
            ProcessEnd.Now(isWatched ? wanted : ExitCode.EnvironmentWrong);
    }
}
