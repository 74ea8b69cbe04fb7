using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using MerBench.Host.Runs.Executors;

namespace MerBench.Tool.Commands;

/// <summary>A process that computes cells for a run on several devices; the run starts it and speaks to it by its standard input and
/// output.</summary>
internal static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Compute cells for a run on several devices, which starts it.") { Hidden = true };
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        // Ctrl+C reaches the run too, which ends its workers by closing their input.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var stop = new CancellationTokenSource();
        using IDisposable terminated = Interruption.OnTermination(stop.Cancel);
        var events = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        using var orders = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        Console.SetOut(Console.Error);
        BenchmarkWorker.Run(orders, events, stop.Token);
        return stop.IsCancellationRequested ? ExitCode.Terminated : ExitCode.Fine;
    }
}
