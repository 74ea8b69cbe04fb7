using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>What a pickle says that this reader will not follow; the message completes «FILE cannot be read as PyTorch weights:
/// ...».</summary>
internal sealed class PickleException(string message) : Exception(message);

/// <summary>A class or function that a pickle names. Never loaded or called: only compared with the few that are allowed.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => GuestText.Name($"{Module}.{Name}");
}

/// <summary>A storage, one of the files <c>data/KEY</c> of the archive.</summary>
internal sealed record PickleStorage(ScalarType Type, string Key, long Count);

/// <summary>A view of a storage.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether the view is row-major without gaps, so that its bytes can be taken as they are.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                    return false;
                expected *= Shape[i];
            }

            return true;
        }
    }
}
