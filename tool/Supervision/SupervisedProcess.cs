using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Text;
using MerBench.Host.Torch;
using MerBench.Tool.Display;

namespace MerBench.Tool.Supervision;

/// <summary>This process as one that another watches over (<see cref="Supervisor"/>): it says what plugins do and how the verb ended, and
/// does not outlive the other.</summary>
internal sealed partial class SupervisedProcess
{
    /// <summary>Names the two pipes.</summary>
    public const string Variable = "MERBENCH_SUPERVISED";

    private static readonly TimeSpan SameKeystroke = TimeSpan.FromSeconds(1);
    private readonly StreamWriter _news;
    private readonly Dictionary<PosixSignal, DateTime> _received = [];
    private readonly List<PosixSignalRegistration> _signals = [];

    private SupervisedProcess(string orders, string news)
    {
        _news = new StreamWriter(Open(PipeDirection.Out, news)) { AutoFlush = true };
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            _signals.Add(PosixSignalRegistration.Create(signal, received => Note(received.Signal)));
        var reader = new StreamReader(Open(PipeDirection.In, orders));
        new Thread(() => Listen(reader)) { IsBackground = true, Name = "supervision" }.Start();
        GuestWatch.Watcher = step => Tell(new SupervisionNews(step.What, step.Loading, ExitCode: null));
    }

    /// <summary>Null where nobody watches.</summary>
    public static SupervisedProcess? Connect()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ') is not [var orders, var news])
            return null;
        // Not for those that this process starts.
        Environment.SetEnvironmentVariable(Variable, null);
        return new SupervisedProcess(orders, news);
    }

    /// <summary>The last word: without it, whoever watches believes no exit code.</summary>
    public void End(int exitCode) => Tell(new SupervisionNews("", Loading: null, exitCode));

    private static AnonymousPipeClientStream Open(PipeDirection direction, string handle)
    {
        var pipe = new AnonymousPipeClientStream(direction, handle);
        StandardStreams.KeepFromChildren(pipe.SafePipeHandle);
        return pipe;
    }

    private void Tell(SupervisionNews news)
    {
        lock (_news)
        {
            try
            {
                _news.WriteLine(JsonSerializer.Serialize(news));
            }
            catch (IOException)
            {
                // Nobody is there; the end of the orders says so too.
            }
        }
    }

    private void Listen(StreamReader orders)
    {
        while (orders.ReadLine() is { } line)
            if (Enum.TryParse(line, out PosixSignal signal))
                PassOn(signal);
        ProcessEnd.Now(ExitDescription.Killed);
    }

    // A terminal sends its signals to both processes: one keystroke must not count twice.
    private void PassOn(PosixSignal signal)
    {
        Thread.Sleep(SameKeystroke / 4);
        lock (_received)
            if (_received.TryGetValue(signal, out DateTime last) && DateTime.UtcNow - last < SameKeystroke)
                return;
        _ = Kill(Environment.ProcessId, signal == PosixSignal.SIGINT ? 2 : 15);
    }

    private void Note(PosixSignal signal)
    {
        lock (_received)
            _received[signal] = DateTime.UtcNow;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>What a supervised process says, a line each.</summary>
/// <param name="Step">What plugins of others are doing.</param>
/// <param name="Loading">The assembly that is loaded.</param>
/// <param name="ExitCode">What the verb ends with, as its last word.</param>
internal sealed record SupervisionNews(string Step, string? Loading, int? ExitCode);
