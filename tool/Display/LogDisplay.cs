using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Runs.Progress;
using MerBench.Reports.Console;
using Spectre.Console;

namespace MerBench.Tool.Display;

/// <summary>A run's progress for logs: a line for each step, and a sign of life where none came for a while.</summary>
internal sealed class LogDisplay : IDisposable
{
    /// <summary>Seconds of silence after which a sign of life is due.</summary>
    public const string Variable = "MERBENCH_HEARTBEAT";

    private readonly IAnsiConsole _console;
    private readonly Func<RunStatus> _status;
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(
        double.TryParse(
            Environment.GetEnvironmentVariable(Variable),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double seconds
        )
        && seconds >= 0.1
            ? seconds
            : 60
    );
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private long _told = Stopwatch.GetTimestamp();

    public LogDisplay(IAnsiConsole console, Func<RunStatus> status)
    {
        (_console, _status) = (console, status);
        TimeSpan often = _patience / 4;
        _timer = new Timer(_ => Beat(), null, often, often);
    }

    public void Tell(StatusLine line) => Write(line.Text);

    public void Write(string line)
    {
        lock (_lock)
        {
            _console.Write(new FlowText(0, 2).Add(line));
            _told = Stopwatch.GetTimestamp();
        }
    }

    public void Dispose()
    {
        // No line may come after the end.
        using var stopped = new ManualResetEvent(initialState: false);
        if (_timer.Dispose(stopped))
            stopped.WaitOne();
    }

    private void Beat()
    {
        lock (_lock)
        {
            if (Stopwatch.GetElapsedTime(_told) >= _patience)
                Write(StatusText.Heartbeat(_status(), TimeProvider.System));
        }
    }
}
