namespace MerBench.Host.Weights;

/// <summary>Compares keys of pickled dicts. Numbers hash with this process's secret, so that no file can make keys collide.</summary>
internal sealed class PickleKeys : IEqualityComparer<object>
{
    public static PickleKeys Comparer { get; } = new();

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object obj) =>
        obj switch
        {
            long number => HashCode.Combine((int)number, (int)(number >> 32)),
            double number => GetHashCode(BitConverter.DoubleToInt64Bits(number)),
            _ => obj.GetHashCode(),
        };
}
