using static TorchSharp.torch;

namespace MerBench.FrontEnds;

/// <summary>
/// A window and a filterbank as tensors of each device and format that was asked for; they outlive every dispose scope. In float64 they
/// are the same numbers, so that it is the same function.
/// </summary>
/// <param name="window">One frame.</param>
/// <param name="filters">Rows of bins, columns of bands.</param>
/// <param name="bands">How many bands.</param>
internal sealed class SpectrogramConstants(float[] window, float[] filters, int bands) : IDisposable
{
    private readonly Dictionary<string, (Tensor Window, Tensor Filters)> _tensors = new(StringComparer.Ordinal);

    /// <summary>On the waveform's device, in its format: the window, and filters <c>[bins, bands]</c>.</summary>
    public (Tensor Window, Tensor Filters) For(Tensor waveform)
    {
        string name = $"{waveform.device} {waveform.dtype}";
        if (!_tensors.TryGetValue(name, out (Tensor Window, Tensor Filters) tensors))
            _tensors[name] = tensors = Create(waveform);
        return tensors;
    }

    /// <summary>Disposes the tensors of every device and format.</summary>
    public void Dispose()
    {
        foreach ((Tensor windowed, Tensor filtered) in _tensors.Values)
        {
            windowed.Dispose();
            filtered.Dispose();
        }

        _tensors.Clear();
    }

    private (Tensor Window, Tensor Filters) Create(Tensor like)
    {
        using var scope = NewDisposeScope();
        return (
            tensor(window).to(like.dtype).to(like.device).DetachFromDisposeScope(),
            tensor(filters, [filters.Length / bands, bands]).to(like.dtype).to(like.device).DetachFromDisposeScope()
        );
    }
}
