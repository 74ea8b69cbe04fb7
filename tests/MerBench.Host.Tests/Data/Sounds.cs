using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MerBench.Tests.Data;

/// <summary>Small recordings for tests.</summary>
internal static class Sounds
{
    public static short[] Noise(int length, string key = "noise", double level = 0.5)
    {
        var stream = RandomStream.For(key);
        return [.. Enumerable.Range(0, length).Select(_ => (short)(level * 32767 * ((2 * stream.NextDouble()) - 1)))];
    }

    /// <summary>Writes a mono 16-bit WAV file and returns its path.</summary>
    public static string WriteWav(string path, short[] samples, int sampleRate)
    {
        var bytes = new byte[44 + (2 * samples.Length)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * sampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 2 * samples.Length);
        MemoryMarshal.AsBytes<short>(samples).CopyTo(bytes.AsSpan(44));
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
