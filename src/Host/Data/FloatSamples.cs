using System.Globalization;
using System.Runtime.InteropServices;
using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>Looks at floating-point samples before they are rounded to 16 bits, where NaN and what exceeds full scale vanish.</summary>
internal sealed class FloatSamples
{
    // Nobody masters music that clips half of the time; whole numbers that were saved as floats do.
    private const double NotScaled = 0.5;

    private double _peak;
    private long _count;
    private long _beyond;
    private long _unusable;

    /// <summary>Why the samples cannot be used, or null.</summary>
    public string? Complaint
    {
        get
        {
            if (_unusable > 0)
                return $"{ShortList.Count(_unusable)} of its {ShortList.Count(_count)} samples are NaN or infinite";
            return _beyond > NotScaled * _count
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"most of its samples lie beyond full scale, which is -1 to 1 for floats; they go up to {_peak:g4}. Divide them "
                        + $"by what they were scaled with"
                )
                : null;
        }
    }

    /// <summary>What is lost, or null.</summary>
    public string? Remark =>
        _beyond == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{ShortList.Count(_beyond)} of its {ShortList.Count(_count)} samples lie beyond full scale (up to {_peak:g4}) and "
                    + $"are clipped"
            );

    public static FloatSamples Scan(string path, WaveHeader header)
    {
        var samples = new FloatSamples();
        using FileStream file = File.OpenRead(path);
        file.Position = header.Start;
        byte[] buffer = new byte[1 << 16];
        for (long left = header.Bytes; left > 0; )
        {
            int read = file.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)), (int)Math.Min(left, buffer.Length), false);
            if (read == 0)
                break;
            left -= read;
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, read);
            if (header.Bits == 64)
                foreach (double sample in MemoryMarshal.Cast<byte, double>(bytes))
                    samples.Add(sample);
            else
                foreach (float sample in MemoryMarshal.Cast<byte, float>(bytes))
                    samples.Add(sample);
        }

        return samples;
    }

    private void Add(double sample)
    {
        _count++;
        double size = Math.Abs(sample);
        if (!double.IsFinite(size))
            _unusable++;
        else if (size > 1)
            _beyond++;
        _peak = Math.Max(_peak, size);
    }
}
