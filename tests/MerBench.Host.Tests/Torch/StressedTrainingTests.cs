using System.Diagnostics;
using System.Globalization;
using CliWrap;
using MerBench.Host.Torch;

namespace MerBench.Tests.Native;

/// <summary>Trains one model again and again in a process that is stopped and continued, while other threads of it collect
/// garbage.</summary>
[Platform("Linux")]
public sealed class StressedTrainingTests
{
    [Test]
    [Category("Slow")]
    [Explicit("A process of its own trains for it; run it with: dotnet test tests/MerBench.Host.Tests --filter TestCategory=Slow")]
    public async Task A_process_that_was_stopped_trains_the_same_model_to_the_same_bytes()
    {
        IReadOnlyList<string> weights = await Train(2, [(0.4, 6)]);
        Assert.That(weights, Has.Count.EqualTo(2).And.All.EqualTo(weights[0]));
    }

    // With the time limits that pauses of finalizers once had, the long stop would end one.
    [Test]
    [Category("Slow")]
    [Explicit("Takes four minutes; run it with: dotnet test tests/MerBench.Host.Tests --filter TestCategory=Slow")]
    public async Task Twenty_trainings_give_the_same_bytes_however_often_and_long_the_process_is_stopped()
    {
        var random = new Random(19);
        IEnumerable<(double, double)> often = Enumerable.Range(0, 1000).Select(_ => (Between(0.5, 2.5), Between(0.5, 6.5)));
        IReadOnlyList<string> weights = await Train(20, often.Prepend((0.5, 130)));
        Assert.That(weights, Has.Count.EqualTo(20).And.All.EqualTo(weights[0]));

        double Between(double least, double most) => least + ((most - least) * random.NextDouble());
    }

    /// <summary>Stops the process when it has trained once, for as long and as often as is said, in seconds.</summary>
    private static async Task<IReadOnlyList<string>> Train(int times, IEnumerable<(double Runs, double Stops)> pattern)
    {
        var start = new ProcessStartInfo("dotnet", [TorchProbe.Program, "train", times.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove(LibTorchFolder.Variable);
        using Process probe = Process.Start(start)!;
        try
        {
            Task<string> errors = probe.StandardError.ReadToEndAsync();
            string? first = await probe.StandardOutput.ReadLineAsync();
            Task<string> others = probe.StandardOutput.ReadToEndAsync();
            int stops = 0;
            foreach ((double runs, double stopped) in pattern)
            {
                await Task.WhenAny(others, Task.Delay(TimeSpan.FromSeconds(runs)));
                if (others.IsCompleted)
                    break;
                await Send("STOP", probe);
                await Task.Delay(TimeSpan.FromSeconds(stopped));
                await Send("CONT", probe);
                stops++;
            }

            await probe.WaitForExitAsync();
            Assert.That((probe.ExitCode, await errors), Is.EqualTo((0, "")));
            Assert.That(stops, Is.Positive, "it ended before it was stopped");
            return [first!, .. (await others).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }
        finally
        {
            if (!probe.HasExited)
                probe.Kill();
        }
    }

    private static async Task Send(string signal, Process process) =>
        await Cli.Wrap("sh").WithArguments(["-c", $"kill -{signal} {process.Id}"]).ExecuteAsync();
}
