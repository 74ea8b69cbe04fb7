using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MerBench.Perf;

/// <summary>The study's work in Python's PyTorch (reference.py), in a process that waits for its turn.</summary>
internal sealed class Reference : IDisposable
{
    private readonly Process _process;

    private Reference(Process process, string name) => (_process, Name) = (process, name);

    /// <summary>What runs: versions, and whose code.</summary>
    public string Name { get; }

    /// <summary>Null, and a line on stderr, where it cannot start.</summary>
    /// <param name="checkout">A checkout of the study's repository, whose own functions then run; null for the loop written anew.</param>
    public static Reference? Start(string python, int threads, string? checkout = null)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "reference.py"),
            threads.ToString(CultureInfo.InvariantCulture),
            .. checkout is null ? Array.Empty<string>() : [checkout],
        ];
        try
        {
            var process = Process.Start(
                new ProcessStartInfo(python, arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            if (process.StandardOutput.ReadLine() is { } name)
                return new Reference(process, name);
            Console.Error.WriteLine(
                $"Without {checkout ?? "Python's PyTorch"}: {process.StandardError.ReadToEnd().Trim().Split('\n')[^1]}"
            );
        }
        catch (Win32Exception e)
        {
            Console.Error.WriteLine($"Without Python's PyTorch: {e.Message}");
        }

        return null;
    }

    /// <summary>Attacks one clip.</summary>
    /// <returns>Seconds a step.</returns>
    public double SecondsAStep(int steps) => Ask($"attack 1 {steps}").Seconds / steps;

    /// <summary>Trains on adversarial batches of eight clips, each attacked clip by clip.</summary>
    /// <returns>Seconds a batch, and the steps that each clip was attacked with, fewer than asked for where some were finished
    /// early.</returns>
    public (double Seconds, double Steps) Epoch(int batches, int steps)
    {
        (double seconds, int calls) = Ask($"epoch {batches} {steps}");
        return (seconds / batches, (calls - (2.0 * batches)) / batches / TrainingHarness.Clips);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private (double Seconds, int Calls) Ask(FormattableString task)
    {
        _process.StandardInput.WriteLine(task.ToString(CultureInfo.InvariantCulture));
        string answer =
            _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"{Name} ended: {_process.StandardError.ReadToEnd()}");
        string[] words = answer.Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
