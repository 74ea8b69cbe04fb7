using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// What a pickle may take of memory, and thereby of time, by its length: one byte of it can ask for a dict, and five for a tensor.
/// </summary>
internal sealed class PickleAllowance(long pickleLength)
{
    public const int Value = 32;
    public const int Container = 100;
    public const int Entry = 48;

    private const long Least = 8 << 20;
    private const long Most = 512 << 20;
    private const int TimesItsLength = 32;

    private long _left = Math.Min(Most, Least + (TimesItsLength * pickleLength));

    /// <exception cref="PickleException">The pickle asks for more than any state dict of its length needs.</exception>
    public void Spend(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
            throw new PickleException($"its pickle of {ShortList.Count(pickleLength)} bytes asks for many times that of memory");
    }
}
