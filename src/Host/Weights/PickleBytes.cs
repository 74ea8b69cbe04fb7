using System.Numerics;
using System.Text;

namespace MerBench.Host.Weights;

/// <summary>The bytes of a pickle, taken from front to back and never beyond their end.</summary>
internal sealed class PickleBytes(ReadOnlyMemory<byte> pickle)
{
    // Seeds and states of random generators are longer than any number of a state dict.
    private const int MostBytesOfNumber = 4096;

    /// <summary>How many were taken.</summary>
    public int Position { get; private set; }

    /// <exception cref="PickleException">There are not as many left.</exception>
    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > pickle.Length - Position)
            throw Malformed("it ends too early");
        ReadOnlySpan<byte> taken = pickle.Span.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>A whole number: long, or <see cref="BigInteger"/> beyond its range.</summary>
    public object TakeLong(long count)
    {
        if (count is < 0 or > MostBytesOfNumber)
            throw new PickleException($"it holds a whole number of {count} bytes");
        var value = new BigInteger(Take(count));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    public string TakeText(ulong count)
    {
        if (count > int.MaxValue)
            throw Malformed("a string is too long");
        return Encoding.UTF8.GetString(Take((long)count));
    }

    /// <summary>The text up to the next line break.</summary>
    public string TakeLine()
    {
        int length = pickle.Span[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw Malformed("it ends too early");
        string line = Encoding.UTF8.GetString(Take(length));
        Take(1);
        return line;
    }

    public static PickleException Malformed(string why) => new($"its pickle is malformed or cut off ({why})");
}
