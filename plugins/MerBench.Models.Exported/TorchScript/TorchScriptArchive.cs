using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MerBench.Models.Exported.Adapter;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>What the zip archive of a module says about it, read without running it.</summary>
internal static class TorchScriptArchive
{
    private const int MostText = 1 << 20;
    private const int MostObject = 64 << 20;
    private const long MostBytes = 1L << 30;
    private const string RateAttribute = "sample_rate";

    private static readonly Encoding Text = Encoding.UTF8;

    /// <summary>Reads extra files (<c>torch.jit.save(..., _extra_files=...)</c>), and an attribute <c>sample_rate</c> of it or of a
    /// module in it.</summary>
    /// <exception cref="PluginUserException">What it says cannot be read; the message continues <c>FILE ...</c>.</exception>
    public static ModuleMetadata ReadMetadata(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Length < MostText && IsExtra(e.FullName)))
            texts[entry.Name] = Text.GetString(Read(entry));
        ModuleMetadata said = ModuleMetadata.Read(texts);
        if (said.SampleRate is not null || zip.Entries.FirstOrDefault(IsObject) is not { Length: < MostObject } pickle)
            return said;
        return said with { SampleRate = FindRate(Read(pickle)) };
    }

    /// <summary>All of an entry, which may hold no more than it says.</summary>
    /// <exception cref="InvalidDataException">It holds less than it says, or says that it holds gigabytes.</exception>
    public static byte[] Read(ZipArchiveEntry entry)
    {
        if (entry.Length > MostBytes)
            throw new InvalidDataException($"'{entry.Name}' in it claims {entry.Length} bytes");
        byte[] content = new byte[entry.Length];
        using Stream stream = entry.Open();
        if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
            throw new InvalidDataException($"'{entry.Name}' in it is cut off");
        return content;
    }

    /// <summary>Whether an entry is the pickled object.</summary>
    public static bool IsObject(ZipArchiveEntry entry) => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal);

    private static bool IsExtra(string name) => name.Split('/') is [_, "extra", _];

    // Attributes are pickled as a name and its value. Where modules within it name several rates, none is the module's.
    private static int? FindRate(ReadOnlySpan<byte> pickle)
    {
        byte[] name = [(byte)'X', (byte)RateAttribute.Length, 0, 0, 0, .. Text.GetBytes(RateAttribute)];
        int? found = null;
        for (int at = pickle.IndexOf(name); at >= 0; )
        {
            pickle = pickle[(at + name.Length)..];
            if (ReadNumber(pickle) is { } rate and > 0)
            {
                if (found is { } other && other != rate)
                    return null;
                found = rate;
            }

            at = pickle.IndexOf(name);
        }

        return found;
    }

    // BINPUT and LONG_BINPUT keep the name for later; BININT, BININT1 and BININT2 are whole numbers, BINFLOAT is a double.
    private static int? ReadNumber(ReadOnlySpan<byte> code)
    {
        if (code is [(byte)'q', _, ..])
            code = code[2..];
        else if (code is [(byte)'r', _, _, _, _, ..])
            code = code[5..];
        return code switch
        {
            [(byte)'J', _, _, _, _, ..] => BinaryPrimitives.ReadInt32LittleEndian(code[1..]),
            [(byte)'K', var small, ..] => small,
            [(byte)'M', _, _, ..] => BinaryPrimitives.ReadUInt16LittleEndian(code[1..]),
            [(byte)'G', _, _, _, _, _, _, _, _, ..] => (int)Math.Clamp(BinaryPrimitives.ReadDoubleBigEndian(code[1..]), 0, 1e7),
            _ => null,
        };
    }
}
