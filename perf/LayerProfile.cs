using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using MathNet.Numerics.Statistics;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>
/// What each convolution of the attack form behind the first takes, forward and back to its input, by each algorithm in turn, and which is
/// chosen.
/// </summary>
internal static class LayerProfile
{
    private static readonly ConvolutionAlgorithm[] s_algorithms = Enum.GetValues<ConvolutionAlgorithm>();

    public static void Write(TextWriter report, int rounds, int batch)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(PaperNetwork.Emotions, null, width: 1, dropout: 0);
        FoldedConvolution[] layers;
        using (no_grad())
            layers =
            [
                .. FrozenVgg.Fold(network, PaperNetwork.Frames, PaperNetwork.Bands).OfType<FoldedConvolution>().Where(l => !l.IsFirst),
            ];
        var maker = new ConvolutionMaker(ScalarType.Float32, network.Blocks);
        Write(report, layers, maker, rounds, batch);
        report.WriteLine();
        WriteCost(report, layers, maker);
        report.WriteLine();
        if (Avx512F.IsSupported)
            Write(report, layers, new ConvolutionMaker(ScalarType.BFloat16, network.Blocks), rounds, batch);
        else
            report.WriteLine(
                "bf16 is left out: this processor has no AVX-512, and libtorch would compute it by its reference kernels, many times "
                    + "slower."
            );
    }

    private static void WriteCost(TextWriter report, FoldedConvolution[] layers, ConvolutionMaker maker)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        new AlgorithmChoices(PaperNetwork.Frames, PaperNetwork.Bands, double.PositiveInfinity, (_, measure) => measure()).Choose(
            layers,
            maker
        );
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        (double seconds, double processor) = (elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
        report.WriteLine(FormattableString.Invariant($"The choice took {seconds:0.00} s, {processor:0.00} s of processor time."));
    }

    private static void Write(TextWriter report, FoldedConvolution[] layers, ConvolutionMaker maker, int rounds, int batch)
    {
        report.WriteLine($"{maker.Type}, ms a clip, batch of {batch}, median of {rounds} rounds in turn;");
        report.WriteLine("what is chosen from these numbers in bold, the rule's choice with *");
        report.WriteLine();
        report.WriteLine($"| layer | direction | GFLOP | {string.Join(" | ", s_algorithms)} |");
        report.WriteLine($"|---|---|---:|{string.Concat(s_algorithms.Select(_ => "---:|"))}");
        var probe = new AlgorithmProbe(maker.Make, batch, rounds, lost: double.PositiveInfinity);
        double[] direct = new double[rounds],
            ruled = new double[rounds],
            chosen = new double[rounds];
        foreach (FoldedConvolution layer in layers)
        {
            var byRule = LayerAlgorithms.ByRule(layer.Weight, maker.Type);
            WriteRow(layer, "forward", LayerDirection.Forward(layer), byRule.Forward);
            WriteRow(layer, "back", LayerDirection.Backward(layer), byRule.Backward);
        }

        report.WriteLine();
        string sums = $"direct {Turns.Spread(direct)}, by rule {Turns.Spread(ruled)}, as chosen {Turns.Spread(chosen)}";
        report.WriteLine($"All, ms a clip: {sums};");
        report.WriteLine($"as chosen {Times(direct)} times as fast as direct, {Times(ruled)} times as by rule.");

        string Times(double[] other) => Turns.Spread([.. other.Zip(chosen, (a, b) => a / b)], "0.00");

        void WriteRow(FoldedConvolution layer, string name, LayerDirection direction, ConvolutionAlgorithm byRule)
        {
            IReadOnlyList<Trial> trials = probe.Try(direction, AlgorithmProbe.Candidates(direction, maker.Type), maker.Type);
            ConvolutionAlgorithm? best = AlgorithmProbe.Fastest(trials, byRule);
            string gflop = Text(2e-9 * layer.Weight.numel() * layer.Height * layer.Width);
            string cells = string.Join(" | ", s_algorithms.Select(a => Cell(trials, a, best, byRule)));
            string shape = $"{layer.Weight.shape[1]} to {layer.Weight.shape[0]}, {layer.Height} x {layer.Width}";
            report.WriteLine($"| {shape} | {name} | {gflop} | {cells} |");
            Add(direct, trials, ConvolutionAlgorithm.Direct);
            Add(ruled, trials, byRule);
            Add(chosen, trials, best);
        }

        void Add(double[] sums, IReadOnlyList<Trial> trials, ConvolutionAlgorithm? algorithm)
        {
            IReadOnlyList<double> times = trials.FirstOrDefault(t => t.Algorithm == algorithm)?.Milliseconds ?? [];
            // What is alone in being right is timed once.
            for (int i = 0; i < sums.Length; i++)
                sums[i] += times.Count == 0 ? double.NaN : times[Math.Min(i, times.Count - 1)] / batch;
        }

        string Cell(IReadOnlyList<Trial> trials, ConvolutionAlgorithm algorithm, ConvolutionAlgorithm? best, ConvolutionAlgorithm byRule)
        {
            if (trials.FirstOrDefault(t => t.Algorithm == algorithm) is not { } trial)
                return "";
            string wrong = FormattableString.Invariant($"wrong by {trial.Error:g2}");
            string text = trial.IsRight ? Text(trial.Milliseconds.Median() / batch) : wrong;
            return $"{(algorithm == best ? $"**{text}**" : text)}{(algorithm == byRule ? " *" : "")}";
        }
    }

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
