using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using CliWrap;
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
    private readonly Channel<string> _orders = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _kill = new();
    private readonly Task _end;
    private readonly TaskCompletionSource<int> _id = new();
    private readonly LastWords _words = new();

    /// <param name="command">The program and its arguments.</param>
    /// <param name="tell">Hears of everything, from other threads; the last news is <see cref="WorkerNews.Ended"/>.</param>
    public WorkerProcess(IReadOnlyList<string> command, WorkerRequest request, Action<WorkerNews> tell)
    {
        Send(WorkerWire.Write(request));
        _end = Run(command, tell);
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
        _kill.Cancel();
        _end.Wait();
    }

    /// <summary>The bytes of memory that it holds; null where that cannot be known, as when it has ended.</summary>
    public long? MeasureMemory()
    {
        if (!_id.Task.IsCompletedSuccessfully || _end.IsCompleted)
            return null;
        try
        {
            using var process = Process.GetProcessById(_id.Task.Result);
            return process.WorkingSet64;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Stop();
        _kill.Dispose();
    }

    private void Send(string line) => _orders.Writer.TryWrite(line);

    private async Task Run(IReadOnlyList<string> command, Action<WorkerNews> tell)
    {
        int exitCode;
        try
        {
            CommandTask<CommandResult> running = Cli.Wrap(command[0])
                .WithArguments(command.Skip(1))
                .WithValidation(CommandResultValidation.None)
                .WithStandardInputPipe(PipeSource.Create(WriteOrders))
                .WithStandardOutputPipe(PipeTarget.ToDelegate(line => tell(new WorkerNews.Answered(line)), Encoding.UTF8))
                .WithStandardErrorPipe(PipeTarget.ToDelegate(KeepLine, Encoding.UTF8))
                .ExecuteAsync(_kill.Token, CancellationToken.None);
            _id.SetResult(running.ProcessId);
            exitCode = (await running.ConfigureAwait(false)).ExitCode;
        }
        catch (OperationCanceledException)
        {
            exitCode = ExitDescription.Killed;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            exitCode = 4;
            _words.Hear(e.Message);
        }

        tell(new WorkerNews.Ended(exitCode, _words.ToString()));

        void KeepLine(string line)
        {
            if (_words.Hear(line))
                tell(new WorkerNews.Said(line));
        }
    }

    private async Task WriteOrders(Stream input, CancellationToken cancel)
    {
        await foreach (string line in _orders.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            await input.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancel).ConfigureAwait(false);
            await input.FlushAsync(cancel).ConfigureAwait(false);
        }
    }
}
