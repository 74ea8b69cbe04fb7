using System.Globalization;

namespace MerBench.Host.Distribution;

/// <summary>One of several parts of a study.</summary>
/// <param name="Number">From 1.</param>
public sealed record Shard(int Number, int Count)
{
    /// <summary>Reads <c>2/7</c>.</summary>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static Shard Parse(string text) =>
        text.Split('/') is [var number, var count]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int k)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
        && k >= 1
        && k <= n
            ? new Shard(k, n)
            : throw new UserErrorException($"'{text}' is no shard. Write K/N, as 2/7 for the second of seven.");

    /// <summary>As engines count that begin at 0.</summary>
    /// <exception cref="UserErrorException">There is no such shard.</exception>
    public static Shard FromIndex(int index, int count) =>
        index >= 0 && index < count
            ? new Shard(index + 1, count)
            : throw new UserErrorException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Shard index {index} of {count} does not exist: indices go from 0 to count - 1."
                )
            );

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");
}
