using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using MerBench.Host.Text;

namespace MerBench.Host.Runs.Executors;

/// <summary>What comes from a worker process: a line of its protocol, a line that it wrote besides, or its end.</summary>
internal abstract record WorkerNews
{
    public sealed record Answered(string Line) : WorkerNews;

    public sealed record Said(string Line) : WorkerNews;

    public sealed record Ended(int ExitCode, string LastWords) : WorkerNews
    {
        /// <summary>How it ended, for people.</summary>
        public string Describe()
        {
            string how = ExitDescription.Describe(ExitCode);
            return LastWords.Length == 0 ? how : $"{how}; its last words: {LastWords}";
        }
    }
}

/// <summary>A running worker process. It lives until its standard input ends, so that it never outlives the run.</summary>
internal sealed class WorkerProcess : IDisposable
{
    // What a plugin has started may hold the streams of a process that is gone.
    private static readonly TimeSpan ForLastLines = TimeSpan.FromSeconds(2);
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Channel<string> _orders = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LastWords _words = new();
    private readonly Lock _lock = new();
    private readonly Action<WorkerNews> _tell;
    private readonly Process _process;
    private readonly Task _end;
    private bool _hasEnded;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="tell">Hears of everything, from other threads; the last news is <see cref="WorkerNews.Ended"/>.</param>
    public WorkerProcess(IReadOnlyList<string> command, WorkerRequest request, Action<WorkerNews> tell)
    {
        _tell = tell;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = Encoding,
                StandardOutputEncoding = Encoding,
                StandardErrorEncoding = Encoding,
            },
            EnableRaisingEvents = true,
        };
        _process.Exited += (_, _) => _exit.TrySetResult();
        _process.OutputDataReceived += (_, line) => Hear(line.Data, l => new WorkerNews.Answered(l));
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, l => _words.Hear(l) ? new WorkerNews.Said(l) : null);
        Send(WorkerWire.Write(request));
        _end = Task.Run(Run);
    }

    public void Send(WorkerOrder order) => Send(WorkerWire.Write(order));

    /// <summary>Asks it to stop, also in the middle of a cell.</summary>
    public void Stop() => _orders.Writer.TryComplete();

    /// <summary>Waits for its end, and ends it when it takes too long.</summary>
    public void Await(TimeSpan patience)
    {
        if (!_end.Wait(patience))
            Kill();
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself, or what it started has.
        }

        _end.Wait();
    }

    /// <summary>The bytes of memory that it holds; null where that cannot be known, as when it has ended.</summary>
    public long? MeasureMemory()
    {
        try
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Stop();
        _end.Wait();
        _process.Dispose();
    }

    private void Send(string line) => _orders.Writer.TryWrite(line);

    private void Hear(string? line, Func<string, WorkerNews?> read)
    {
        lock (_lock)
            if (line is not null && !_hasEnded && read(line) is { } news)
                _tell(news);
    }

    private async Task Run()
    {
        int exitCode;
        try
        {
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            _ = WriteOrders();
            await _exit.Task.ConfigureAwait(false);
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(ForLastLines)).ConfigureAwait(false);
            exitCode = _process.ExitCode;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            exitCode = 4;
            _words.Hear(e.Message);
        }

        lock (_lock)
        {
            _hasEnded = true;
            _tell(new WorkerNews.Ended(exitCode, _words.ToString()));
        }
    }

    private async Task WriteOrders()
    {
        try
        {
            await foreach (string line in _orders.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await _process.StandardInput.WriteAsync(line + "\n").ConfigureAwait(false);
                await _process.StandardInput.FlushAsync().ConfigureAwait(false);
            }

            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended, which is told elsewhere.
        }
    }
}
