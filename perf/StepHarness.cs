using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Attacks.Gradient;
using MerBench.Host.Native;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>
/// One step of <c>adam-sign</c> on the study's network, in MerBench's forms and in Python's PyTorch where it is installed, each in turn in every round, with the peak of the machine's matrix product of the same round.
/// </summary>
internal static class StepHarness
{
    private const double ForwardGflop = 7.3;

    public static void Run(string[] options)
    {
        int rounds = Option(options, "--rounds", 7), steps = Option(options, "--steps", 10), threads = Option(options, "--threads", Environment.ProcessorCount), batch = Option(options, "--batch", 1);
        string python = Array.IndexOf(options, "--python") is >= 0 and var at ? options[at + 1] : "python3";
        TorchBackend.Select(null).EnsureLoaded();
        set_num_threads(threads);
        using VggModel plain = PaperNetwork.Create(), frozen = PaperNetwork.Create();
        PaperNetwork.Freeze(frozen);
        using IFrozenModel folded = frozen.Freeze(Precision.Fp32), half = frozen.Freeze(Precision.Bf16);
        using Reference? reference = Reference.Start(python, threads);

        var contestants = new List<(string Name, Func<int, double> Seconds)>();
        if (reference is not null) contestants.Add(($"{reference.Version}, batch 1", n => reference.Seconds(n, 1)));
        contestants.Add(("MerBench, parameters with gradients", n => Attack(plain.Forward, n, batch)));
        contestants.Add(("MerBench, parameters frozen", n => Attack(frozen.Forward, n, batch)));
        contestants.Add(("MerBench, attack form, fp32", n => Attack(folded.Forward, n, batch)));
        contestants.Add(("MerBench, attack form, bf16", n => Attack(half.Forward, n, batch)));
        int search = contestants.Count;
        contestants.Add(("MerBench, apgd with 40 calls, whole search", _ => Search(folded.Forward, batch)));
        var times = contestants.Select(_ => new List<double>()).ToList();
        var peaks = new List<double>();
        for (int round = -1; round < rounds; round++)
        {
            double peak = Peak();
            for (int i = 0; i < contestants.Count; i++)
            {
                bool isReference = reference is not null && i == 0;
                int count = i == search ? 1 : round < 0 ? 2 : steps;
                double perClip = contestants[i].Seconds(count) / count / (isReference ? 1 : batch);
                if (round >= 0) times[i].Add(perClip * 1000);
            }

            if (round >= 0) peaks.Add(peak);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, {rounds} rounds of {steps} steps, MerBench in batches of {batch}; matrix product of 1024: {peaks.Median():0} GFLOP/s ({peaks.Min():0} to {peaks.Max():0})"));
        Console.WriteLine("| | ms a step and clip | of the peak | ratio to the first |");
        Console.WriteLine("|---|---:|---:|---:|");
        for (int i = 0; i < search; i++)
        {
            double[] ratios = [.. times[0].Zip(times[i], (first, own) => first / own)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {contestants[i].Name} | {times[i].Median():0.0} ({times[i].Min():0.0} to {times[i].Max():0.0}) | {2 * ForwardGflop / times[i].Median() * 1000 / peaks.Median():0 %} | {ratios.Median():0.00} ({ratios.Min():0.00} to {ratios.Max():0.00}) |"));
        }

        PrintSearch(times[search], times[0], contestants[0].Name);
    }

    private static void PrintSearch(List<double> search, List<double> first, string name)
    {
        double[] ratios = [.. first.Zip(search, (step, whole) => 1000 * step / whole)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"apgd with 40 gradient calls takes {search.Median() / 1000:0.00} s a clip; 1000 steps of '{name}' take {ratios.Median():0.0} ({ratios.Min():0.0} to {ratios.Max():0.0}) times as long."));
    }

    private static double Search(Func<Tensor, ModelOutput> forward, int batch)
    {
        using var scope = NewDisposeScope();
        using AttackContext context = PaperNetwork.Context(forward, batch);
        long start = Stopwatch.GetTimestamp();
        new Apgd(new ApgdOptions(Steps: 40)).Perturb(context, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Attack(Func<Tensor, ModelOutput> forward, int steps, int batch)
    {
        using var scope = NewDisposeScope();
        using AttackContext context = PaperNetwork.Context(forward, batch);
        long start = Stopwatch.GetTimestamp();
        new AdamSign(new AdamSignOptions(Steps: steps)).Perturb(context, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Peak()
    {
        const int Size = 1024, Times = 20;
        using var scope = NewDisposeScope();
        Tensor a = randn(Size, Size), b = randn(Size, Size);
        matmul(a, b);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Times; i++) matmul(a, b).Dispose();
        return Times * 2.0 * Size * Size * Size / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static int Option(string[] options, string name, int standard) =>
        Array.IndexOf(options, name) is >= 0 and var at ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : standard;

    /// <summary>The same work in Python, in a process that waits for its turn.</summary>
    private sealed class Reference : IDisposable
    {
        private readonly Process _process;

        private Reference(Process process, string version) => (_process, Version) = (process, version);

        public string Version { get; }

        public static Reference? Start(string python, int threads)
        {
            try
            {
                var process = Process.Start(new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "reference.py"), threads.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
                if (process.StandardOutput.ReadLine() is { } version) return new Reference(process, version);
                Console.Error.WriteLine($"Without Python's PyTorch: {process.StandardError.ReadToEnd().Trim().Split('\n')[^1]}");
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                Console.Error.WriteLine($"Without Python's PyTorch: {e.Message}");
            }

            return null;
        }

        public double Seconds(int steps, int batch)
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps} {batch}"));
            return double.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
