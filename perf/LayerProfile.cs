using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Models.Vgg;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>What each layer of the attack form takes, forward and back to its input: convolutions directly and by Winograd's filtering, in turn.</summary>
internal static class LayerProfile
{
    public static void Write(TextWriter report, int rounds, int batch)
    {
        using var scope = NewDisposeScope();
        using var network = new VggNetwork(PaperNetwork.Emotions, null, width: 1, dropout: 0);
        var forms = new (string Name, Func<Sequential, IFrozenLayer> Of)[]
        {
            ("direct, fp32", block => FrozenVgg.Fold(block, ScalarType.Float32, mayTile: false)),
            ("fp32", block => FrozenVgg.Fold(block, ScalarType.Float32)),
            ("direct, bf16", block => FrozenVgg.Fold(block, ScalarType.BFloat16, mayTile: false)),
            ("bf16", block => FrozenVgg.Fold(block, ScalarType.BFloat16)),
        };
        report.WriteLine($"| layer | GFLOP | {string.Join(" | ", forms.Select(f => f.Name))} |");
        report.WriteLine($"|---|---:|{string.Concat(forms.Select(_ => "---:|"))}");
        var sums = new double[forms.Length];
        Tensor map = randn(batch, PaperNetwork.Frames, PaperNetwork.Bands, 1);
        foreach (nn.Module<Tensor, Tensor> module in network.TrunkLayers)
        {
            if (module is not (Sequential or MaxPool2d)) continue;
            IFrozenLayer[] layers = [.. forms.Select(f => module is Sequential block ? f.Of(block) : new Pooling())];
            double[] times = Times(layers, map, rounds);
            Tensor next;
            using (no_grad()) next = layers[1].Apply(map);
            double gflop = module is Sequential s && s.children().First() is Conv2d c ? 2e-9 * c.weight!.numel() * next.shape[1] * next.shape[2] : 0;
            report.WriteLine($"| {Shape(map)} to {Shape(next)} | {Text(2 * gflop, "0.00")} | {string.Join(" | ", times.Select(t => Text(t / batch, "0.00")))} |");
            for (int i = 0; i < sums.Length; i++) sums[i] += times[i] / batch;
            map = next;
            foreach (IFrozenLayer layer in layers) layer.Dispose();
        }

        report.WriteLine($"| all | | {string.Join(" | ", sums.Select(t => Text(t, "0.0")))} |");
    }

    // Milliseconds forward and back, the median of rounds in which the layers take turns.
    private static double[] Times(IFrozenLayer[] layers, Tensor map, int rounds)
    {
        var times = layers.Select(_ => new List<double>()).ToArray();
        for (int round = -1; round < rounds; round++)
        {
            for (int i = 0; i < layers.Length; i++)
            {
                using var step = NewDisposeScope();
                Tensor x = map.detach().requires_grad_();
                long start = Stopwatch.GetTimestamp();
                Tensor y = layers[i].Apply(x);
                autograd.grad([y], [x], [y.detach()]);
                if (round >= 0) times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return [.. times.Select(t => t.Median())];
    }

    private static string Shape(Tensor map) => $"{map.shape[1]} x {map.shape[2]} x {map.shape[3]}";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
