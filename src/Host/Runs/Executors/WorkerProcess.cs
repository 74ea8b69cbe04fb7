using System.Globalization;
using System.Text;
using System.Threading.Channels;
using CliWrap;

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
            string how = ExitCode switch
            {
                137 => "was killed (signal 9), as systems do when memory runs out",
                134 or 139 or 135 or 136 or 132 => string.Create(
                    CultureInfo.InvariantCulture,
                    $"crashed in native code (signal {ExitCode - 128})"
                ),
                > 128 and < 160 => string.Create(CultureInfo.InvariantCulture, $"was ended by signal {ExitCode - 128}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"ended with exit code {ExitCode}"),
            };
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
    private string _lastWords = "";

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
        if (_end.Wait(patience))
            return;
        _kill.Cancel();
        _end.Wait();
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
            exitCode = (
                await Cli.Wrap(command[0])
                    .WithArguments(command.Skip(1))
                    .WithValidation(CommandResultValidation.None)
                    .WithStandardInputPipe(PipeSource.Create(WriteOrders))
                    .WithStandardOutputPipe(PipeTarget.ToDelegate(line => tell(new WorkerNews.Answered(line)), Encoding.UTF8))
                    .WithStandardErrorPipe(PipeTarget.ToDelegate(KeepLine, Encoding.UTF8))
                    .ExecuteAsync(_kill.Token, CancellationToken.None)
                    .ConfigureAwait(false)
            ).ExitCode;
        }
        catch (OperationCanceledException)
        {
            exitCode = 137;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            (exitCode, _lastWords) = (4, e.Message);
        }

        tell(new WorkerNews.Ended(exitCode, _lastWords));

        void KeepLine(string line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                _lastWords = line.Trim();
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
