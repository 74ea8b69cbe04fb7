using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Text;

namespace MerBench.Host.Runs.Progress;

/// <summary>
/// Keeps <c>progress.json</c> beside a run's results, so that others can follow it (<see cref="RunWatch"/>). It is replaced as a whole, by
/// a timer of its own: each second in which something happened, and every other
/// second as a sign of life. Where it cannot be written the run goes on without.
/// </summary>
internal sealed class ProgressJournal : IDisposable
{
    public const string FileName = "progress.json";
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly RunProgress _progress = new();
    private readonly Lock _writing = new();
    private readonly string _path;
    private readonly Timer _timer;
    private bool _hasNews,
        _wasIdle,
        _isOver;

    private ProgressJournal(string folder)
    {
        _path = Path.Combine(folder, FileName);
        _timer = new Timer(_ => WriteInTime(), null, Tick, Tick);
    }

    /// <summary>Runs something whose events are noted besides being told, and notes how it ends.</summary>
    /// <param name="exitCodes">What the process that runs it ends with; null where that is not known.</param>
    public static FinishedRun Keep(string folder, IExitCodes? exitCodes, Action<RunEvent> tell, Func<Action<RunEvent>, FinishedRun> run)
    {
        using var journal = new ProgressJournal(folder);
        try
        {
            FinishedRun finished = run(happened =>
            {
                journal._progress.Follow(happened);
                journal._hasNews = true;
                if (happened is RunEvent.Planned)
                    journal.WriteInTime();
                tell(happened);
            });
            journal.End(RunState.Finished, exitCodes?.Find(finished.Results), null);
            return finished;
        }
        catch (Exception e)
        {
            bool isInterrupted = e is OperationCanceledException;
            journal.End(
                isInterrupted ? RunState.Interrupted : RunState.Failed,
                exitCodes?.Find(e),
                isInterrupted ? null : GuestText.ReadMessage(e)
            );
            throw;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void End(RunState state, int? exitCode, string? failure)
    {
        lock (_writing)
        {
            _isOver = true;
            Write(_progress.Status() with { State = state, ExitCode = exitCode, Failure = failure, Now = [], SecondsLeft = null });
        }
    }

    private void WriteInTime()
    {
        // The next tick will do where the disk is slow.
        if (!_writing.TryEnter())
            return;
        try
        {
            if (_isOver || (!_hasNews && !_wasIdle))
            {
                _wasIdle = true;
                return;
            }

            _hasNews = _wasIdle = false;
            Write(_progress.Status());
        }
        finally
        {
            _writing.Exit();
        }
    }

    private void Write(RunStatus status)
    {
        try
        {
            AtomicFile.Write(_path, ProgressFile.Write(status), flush: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody can watch then; the run itself is not concerned.
        }
    }
}
