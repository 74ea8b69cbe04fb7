using System.Diagnostics;
using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>How fast convolutions are under a setting, so that what it costs can be said.</summary>
internal static class SpeedSample
{
    private const int Rounds = 3;

    public static ConvolutionSpeed Measure(Device device) => new(Measure(ScalarType.Float32, device), Measure(ScalarType.BFloat16, device));

    private static double Measure(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor input = randn([1, 64, 10, 10]).to(type).to(device).requires_grad_();
        Tensor weight = randn([64, 64, 3, 3]).to(type).to(device).requires_grad_();
        // The first one compiles.
        Step(input, weight);
        return Enumerable.Range(0, Rounds).Select(_ => Step(input, weight)).Median();
    }

    private static double Step(Tensor input, Tensor weight)
    {
        using var scope = NewDisposeScope();
        long start = Stopwatch.GetTimestamp();
        Tensor value = nn.functional.conv2d(input, weight, padding: [1, 1]).sum();
        // To the host, so that a GPU's work is waited for.
        autograd.grad([value], [input, weight])[0].sum().cpu();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
