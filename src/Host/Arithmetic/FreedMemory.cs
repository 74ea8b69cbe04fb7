using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Memory as it is in the middle of a run, at its worst: what is allocated holds NaN until it is written. GNU's C library fills all memory
/// that it hands out while this lives; elsewhere some is filled and freed by hand.
/// </summary>
internal sealed partial class FreedMemory : IDisposable
{
    // From malloc.h. What is handed out is filled with the complement of the lowest byte: 0xff, four of which are NaN.
    private const int Perturb = -6,
        FillWithNaN = 0x100,
        FillWithNothing = 0;

    private static readonly int[] Sizes =
    [
        1 << 20,
        1 << 18,
        1 << 18,
        1 << 16,
        1 << 16,
        1 << 14,
        1 << 14,
        1 << 12,
        1 << 12,
        1 << 10,
        1 << 8,
        1 << 6,
    ];

    private readonly bool _isFilled = Fill(FillWithNaN);

    /// <summary>Frees memory that holds NaN, where it does not by itself.</summary>
    public void Spoil()
    {
        if (_isFilled)
            return;
        Tensor[] filled = [.. Sizes.Select(size => full(size, float.NaN))];
        foreach (Tensor tensor in filled)
            tensor.Dispose();
    }

    public void Dispose()
    {
        if (_isFilled)
            Fill(FillWithNothing);
    }

    private static bool Fill(int value)
    {
        try
        {
            return OperatingSystem.IsLinux() && SetOption(Perturb, value) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
