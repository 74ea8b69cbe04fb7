using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MerBench;

/// <summary>
/// Random numbers from a counter under a key (SplitMix64; Steele, Lea and Flood, OOPSLA 2014). The n-th number of a key is always the
/// same, so neither batch size, nor order, nor sharding, nor resuming changes a result. Not for cryptography.
/// </summary>
public sealed class RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _counter;

    private RandomStream(ulong key) => _key = key;

    /// <summary>A stream keyed by what it is for, for example the cell's key and the clip's id.</summary>
    /// <param name="key">Parts of the key; order matters.</param>
    public static RandomStream For(params ReadOnlySpan<string> key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in key)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }

        return new RandomStream(BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset()));
    }

    /// <summary>An independent stream under this stream's key; it neither reads nor moves this stream's counter.</summary>
    /// <param name="purpose">What the new stream is for.</param>
    public RandomStream Fork(string purpose) => For(_key.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), purpose);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong z = _key + (++_counter * Golden);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The next number in <c>[0, 1)</c>, with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next whole number in <c>[0, bound)</c>.</summary>
    /// <param name="bound">Exclusive upper bound, at least 1.</param>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextBits(), (ulong)bound, out _);
    }

    /// <summary>The next standard normal number (Box and Muller 1958, cosine branch).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Fills a span with numbers uniform in <c>[low, high)</c>.</summary>
    /// <param name="destination">The span.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    public void FillUniform(Span<float> destination, double low = 0, double high = 1)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)(low + ((high - low) * NextDouble()));
    }

    /// <summary>Fills a span with standard normal numbers.</summary>
    /// <param name="destination">The span.</param>
    public void FillNormal(Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)NextNormal();
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    /// <param name="items">What to shuffle.</param>
    /// <typeparam name="T">Item type.</typeparam>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
