using System.IO.Hashing;
using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>A checksum of each parameter and buffer of a model, by which a change is noticed without a copy.</summary>
internal sealed class StateDigest
{
    private readonly Dictionary<string, UInt128> _sums;

    private StateDigest(Dictionary<string, UInt128> sums) => _sums = sums;

    public static StateDigest Compute(IReadOnlyDictionary<string, Tensor> state) =>
        new(state.ToDictionary(s => s.Key, s => Sum(s.Value), StringComparer.Ordinal));

    /// <summary>The first tensor by name that is not what it was, is new or is gone; null where all are the same.</summary>
    public string? FindChange(IReadOnlyDictionary<string, Tensor> state)
    {
        IEnumerable<string> names = _sums.Keys.Union(state.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return names.FirstOrDefault(name =>
            !_sums.TryGetValue(name, out UInt128 sum)
            || !state.TryGetValue(name, out Tensor? tensor)
            || tensor.IsInvalid
            || Sum(tensor) != sum
        );
    }

    private static UInt128 Sum(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return XxHash128.HashToUInt128(tensor.detach().cpu().contiguous().bytes);
    }
}
