using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using MathNet.Numerics.Statistics;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>What each convolution of the attack form behind the first takes, forward and back to its input, by each algorithm in turn, and which is chosen.</summary>
internal static class LayerProfile
{
    private static readonly ConvolutionAlgorithm[] s_algorithms = Enum.GetValues<ConvolutionAlgorithm>();

    public static void Write(TextWriter report, int rounds, int batch)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(PaperNetwork.Emotions, null, width: 1, dropout: 0);
        FoldedConvolution[] layers;
        using (no_grad()) layers = [.. FrozenVgg.Fold(network, PaperNetwork.Frames, PaperNetwork.Bands).OfType<FoldedConvolution>().Where(l => !l.IsFirst)];
        var maker = new ConvolutionMaker(ScalarType.Float32, network.Blocks);
        Write(report, layers, maker, rounds, batch);
        report.WriteLine();
        WriteCost(report, layers, maker);
        report.WriteLine();
        if (Avx512F.IsSupported) Write(report, layers, new ConvolutionMaker(ScalarType.BFloat16, network.Blocks), rounds, batch);
        else report.WriteLine("bf16 is left out: this processor has no AVX-512, and libtorch would compute it by its reference kernels, many times slower.");
    }

    private static void WriteCost(TextWriter report, FoldedConvolution[] layers, ConvolutionMaker maker)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        new AlgorithmChoices(PaperNetwork.Frames, PaperNetwork.Bands, double.PositiveInfinity, (_, measure) => measure()).Choose(layers, maker);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The choice at first use took {elapsed.TotalSeconds:0.00} s, {(process.TotalProcessorTime - before).TotalSeconds:0.00} s of processor time."));
    }

    private static void Write(TextWriter report, FoldedConvolution[] layers, ConvolutionMaker maker, int rounds, int batch)
    {
        report.WriteLine($"{(maker.Type == ScalarType.Float32 ? "fp32" : "bf16")}, ms a clip, batch of {batch}, median of {rounds} rounds in turn; what is chosen from these numbers in bold, the rule's choice with *");
        report.WriteLine();
        report.WriteLine($"| layer | direction | GFLOP | {string.Join(" | ", s_algorithms)} |");
        report.WriteLine($"|---|---|---:|{string.Concat(s_algorithms.Select(_ => "---:|"))}");
        var probe = new AlgorithmProbe(maker.Make, batch, rounds, lost: double.PositiveInfinity);
        double[] direct = new double[rounds], ruled = new double[rounds], chosen = new double[rounds];
        foreach (FoldedConvolution layer in layers)
        {
            var byRule = LayerAlgorithms.ByRule(layer.Weight, maker.Type);
            WriteRow(layer, "forward", LayerDirection.Forward(layer), byRule.Forward);
            WriteRow(layer, "back", LayerDirection.Backward(layer), byRule.Backward);
        }

        report.WriteLine();
        report.WriteLine($"All, ms a clip: direct {Turns.Spread(direct)}, by rule {Turns.Spread(ruled)}, as chosen {Turns.Spread(chosen)}; as chosen {Turns.Spread([.. direct.Zip(chosen, (a, b) => a / b)], "0.00")} times as fast as direct, {Turns.Spread([.. ruled.Zip(chosen, (a, b) => a / b)], "0.00")} times as by rule.");

        void WriteRow(FoldedConvolution layer, string name, LayerDirection direction, ConvolutionAlgorithm byRule)
        {
            IReadOnlyList<Trial> trials = probe.Try(direction, AlgorithmProbe.Candidates(direction, maker.Type), maker.Type);
            ConvolutionAlgorithm? best = AlgorithmProbe.Fastest(trials, byRule);
            string gflop = Text(2e-9 * layer.Weight.numel() * layer.Height * layer.Width);
            report.WriteLine($"| {layer.Weight.shape[1]} to {layer.Weight.shape[0]}, {layer.Height} x {layer.Width} | {name} | {gflop} | {string.Join(" | ", s_algorithms.Select(a => Cell(trials, a, best, byRule)))} |");
            Add(direct, trials, ConvolutionAlgorithm.Direct);
            Add(ruled, trials, byRule);
            Add(chosen, trials, best);
        }

        void Add(double[] sums, IReadOnlyList<Trial> trials, ConvolutionAlgorithm? algorithm)
        {
            IReadOnlyList<double> times = trials.FirstOrDefault(t => t.Algorithm == algorithm)?.Milliseconds ?? [];
            // What is alone in being right is timed once.
            for (int i = 0; i < sums.Length; i++) sums[i] += times.Count == 0 ? double.NaN : times[Math.Min(i, times.Count - 1)] / batch;
        }

        string Cell(IReadOnlyList<Trial> trials, ConvolutionAlgorithm algorithm, ConvolutionAlgorithm? best, ConvolutionAlgorithm byRule)
        {
            if (trials.FirstOrDefault(t => t.Algorithm == algorithm) is not { } trial) return "";
            string text = trial.IsRight ? Text(trial.Milliseconds.Median() / batch) : string.Create(CultureInfo.InvariantCulture, $"wrong by {trial.Error:g2}");
            return $"{(algorithm == best ? $"**{text}**" : text)}{(algorithm == byRule ? " *" : "")}";
        }
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
