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

/// <summary>A storage: one of the files <c>data/KEY</c> of the archive, or before 1.6 one of the blocks behind the pickles. In those old
/// files it may be a part of a larger one.</summary>
/// <param name="Count">Numbers that tensors may view.</param>
/// <param name="Start">Where they begin in the whole storage.</param>
/// <param name="Whole">Numbers of the whole storage.</param>
internal sealed record PickleStorage(ScalarType Type, string Key, long Count, long Start, long Whole)
{
    /// <summary>Whether both can be views of the same storage.</summary>
    public bool Agrees(PickleStorage other) => Type == other.Type && Whole == other.Whole;
}

/// <summary>An object that is data and no part of any weights, such as a number of NumPy.</summary>
/// <param name="Of">Its class.</param>
internal sealed record PickleData(PickleGlobal Of);

/// <summary>A view of a storage.</summary>
/// <param name="Offset">From the start of the whole storage.</param>
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
