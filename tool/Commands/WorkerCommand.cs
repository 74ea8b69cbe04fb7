using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using MerBench.Host.IO;
using MerBench.Host.Runs.Executors;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

/// <summary>A process that computes cells for a run; the run starts it and speaks to it by its standard input and output.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker";

    public static Command Create()
    {
        var command = new Command(Name, "Compute cells for a run, which starts it.") { Hidden = true };
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        // Ctrl+C reaches the run too, which ends its workers by closing their input.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var stop = new CancellationTokenSource();
        using IDisposable terminated = Interruption.OnTermination(stop.Cancel);
        (Stream input, Stream output) = StandardStreams.Reserve();
        var events = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        using var orders = new StreamReader(input, Encoding.UTF8);
        Console.SetOut(Console.Error);
        Console.SetIn(TextReader.Null);
        OfferToOutOfMemory();
        BenchmarkWorker.Run(orders, events, stop.Token);
        return stop.IsCancellationRequested ? ExitCode.Terminated : ExitCode.Fine;
    }

    // Where the system runs out of memory, it ends a worker rather than its run.
    private static void OfferToOutOfMemory()
    {
        const string Preference = "/proc/self/oom_score_adj";
        if (File.Exists(Preference))
            SideOutput.Write(() => File.WriteAllText(Preference, "500"));
    }
}
