using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>What several kinds of plugins promise alike; each returns what is wrong, or null.</summary>
internal static class Faults
{
    /// <summary>The shape, where -1 stands for any length; float32; finite.</summary>
    public static string? OfTensor(string name, Tensor? tensor, params long[] shape)
    {
        if (tensor is null)
            return $"{name} is null";
        bool fits = tensor.shape.Length == shape.Length && tensor.shape.Zip(shape).All(d => d.Second < 0 || d.First == d.Second);
        if (!fits)
            return $"{name} has shape [{string.Join(", ", tensor.shape)}] where "
                + $"[{string.Join(", ", shape.Select(s => s < 0 ? "any" : s.ToString(CultureInfo.InvariantCulture)))}] was expected";
        if (tensor.dtype != ScalarType.Float32)
            return $"{name} is {tensor.dtype} where Float32 was expected";
        return tensor.isfinite().all().item<bool>() ? null : $"{name} holds NaN or infinity";
    }

    /// <summary>How far two tensors are apart, against what is allowed.</summary>
    public static string? OfDistance(string what, Tensor a, Tensor b, double allowed)
    {
        if (!a.shape.SequenceEqual(b.shape))
            return $"{what}: shapes [{string.Join(", ", a.shape)}] and [{string.Join(", ", b.shape)}] differ";
        double apart = a.numel() == 0 ? 0 : (a - b.to(a.device)).abs().max().item<float>();
        return apart <= allowed ? null : string.Create(CultureInfo.InvariantCulture, $"{what}: {apart:g3} apart, {allowed:g3} allowed");
    }

    /// <summary>A cancelled token must end the work at once.</summary>
    public static string? OfCancellation(Action<CancellationToken> work)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        try
        {
            work(cancelled.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return "it ran to its end although it was cancelled before it began: call cancel.ThrowIfCancellationRequested() in its loops";
    }

    /// <summary>Repeated work must not leave tensors behind; what the first call keeps for later ones is allowed.</summary>
    public static string? OfLeak(Action work)
    {
        const int Repetitions = 3;
        void Once()
        {
            using var scope = NewDisposeScope();
            work();
        }

        Once();
        long before = Tensor.TotalCount;
        for (int i = 0; i < Repetitions; i++)
            Once();
        long kept = Tensor.TotalCount - before;
        return kept <= 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{kept} tensors were left over after {Repetitions} calls: work in a NewDisposeScope, and move only results out of it"
            );
    }
}
