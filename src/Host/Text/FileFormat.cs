using System.Text;

namespace MerBench.Host.Text;

/// <summary>What a file is, by its first bytes: for messages about files that are something else than was expected.</summary>
public static class FileFormat
{
    /// <summary>How many bytes are enough to look at.</summary>
    public const int Looked = 1024;

    private static readonly (byte[] Start, string Name)[] Signatures =
    [
        ([0x1f, 0x8b], "a gzip archive"),
        ([.. "BZh"u8], "a bzip2 archive"),
        ([0xfd, .. "7zXZ"u8, 0], "an xz archive"),
        ([0x28, 0xb5, 0x2f, 0xfd], "a zstd archive"),
        ([.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive"),
        ([.. "Rar!"u8], "a RAR archive"),
        ([0x89, .. "HDF\r\n"u8], "an HDF5 file (as Keras and h5py write)"),
        ([0x93, .. "NUMPY"u8], "a NumPy array (.npy)"),
        ([0xd0, 0xcf, 0x11, 0xe0], "a document of old Microsoft Office, such as an Excel sheet (.xls)"),
        ([.. "%PDF"u8], "a PDF"),
        ([.. "PAR1"u8], "a Parquet table"),
        ([.. "SQLite format 3"u8], "an SQLite database"),
        ([.. "GGUF"u8], "a GGUF model (as llama.cpp writes)"),
        ([.. "ARROW1"u8], "an Arrow table"),
        ([0x89, .. "PNG"u8], "a PNG picture"),
        ([0xff, 0xd8, 0xff], "a JPEG picture"),
        ([.. "GIF8"u8], "a GIF picture"),
        ([.. "RIFF"u8], "a RIFF file, such as WAV sound"),
        ([.. "fLaC"u8], "FLAC sound"),
        ([.. "OggS"u8], "Ogg sound"),
        ([.. "ID3"u8], "MP3 sound"),
        ([0x7f, .. "ELF"u8], "a program"),
        ([.. "version https://git-lfs"u8], "a Git LFS pointer ('git lfs pull' fetches what it stands for)"),
        ([.. "{\\rtf"u8], "a document in RTF"),
    ];

    private static readonly string[] OpeningsOfHtml = ["<!doctype html", "<html", "<head", "<body", "<script"];

    /// <summary>A name with its article, such as <c>a gzip archive</c>; null for what may be plain text or is not known.</summary>
    /// <param name="start">The first bytes of the file, at best <see cref="Looked"/> of them.</param>
    public static string? Recognise(ReadOnlySpan<byte> start)
    {
        foreach ((byte[] signature, string name) in Signatures)
            if (start.StartsWith(signature))
                return name;
        if (start.StartsWith("PK"u8))
            return Zipped(start);
        if (start.Length > 262 && start[257..262].SequenceEqual("ustar"u8))
            return "a tar archive";
        if (start.Length > 8 && start[4..8].SequenceEqual("ftyp"u8))
            return "MPEG-4 sound or film";
        if (start.Length > 8 && start[4..8].SequenceEqual("TFL3"u8))
            return "a TensorFlow Lite model";
        return IsOnnx(start) ? "an ONNX graph" : Markup(start);
    }

    /// <summary>Whether a name that <see cref="Recognise"/> gave is that of sound.</summary>
    public static bool IsSound(string name) => name.Contains("sound", StringComparison.Ordinal);

    /// <summary>Why bytes are no text in UTF-8, or null where they may be.</summary>
    /// <param name="start">The first bytes of the file.</param>
    public static string? ReasonToThinkItNoText(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith<byte>([0xff, 0xfe]) || start.StartsWith<byte>([0xfe, 0xff]))
            return null;
        int zeros = start.Count((byte)0);
        if (zeros == 0)
            return null;
        return 4 * zeros >= start.Length
            ? "text in UTF-16 without the mark that says so; save it as UTF-8"
            : "no text: it holds zero bytes";
    }

    /// <summary>What a file is that is no text in UTF-8, by its first bytes; null where it may be text.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? FindWhyNoText(string path)
    {
        byte[] start = new byte[Looked];
        using FileStream file = File.OpenRead(path);
        ReadOnlySpan<byte> looked = start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        return Recognise(looked) ?? ReasonToThinkItNoText(looked);
    }

    // Excel's and other office files are zip archives whose first entry tells.
    private static string Zipped(ReadOnlySpan<byte> start)
    {
        string names = Encoding.Latin1.GetString(start);
        bool IsNamed(string part) => names.Contains(part, StringComparison.Ordinal);
        if (IsNamed("[Content_Types].xml") || IsNamed("_rels/.rels") || IsNamed("xl/"))
            return "a document of Microsoft Office, such as an Excel workbook (.xlsx)";
        if (IsNamed("mimetypeapplication/vnd.oasis"))
            return "an OpenDocument file, such as a sheet (.ods)";
        return IsNamed(".npy") ? "an archive of NumPy arrays (.npz)" : "a zip archive";
    }

    private static string? Markup(ReadOnlySpan<byte> start)
    {
        string text = Encoding.Latin1.GetString(start).TrimStart('ï', '»', '¿').TrimStart();
        if (Array.Exists(OpeningsOfHtml, o => text.StartsWith(o, StringComparison.OrdinalIgnoreCase)))
            return "a page of the web (HTML), perhaps a login or an error that was saved in place of the file";
        return text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? "XML" : null;
    }

    // Field 1 of the message, the version of the format, and field 2, who wrote it.
    private static bool IsOnnx(ReadOnlySpan<byte> start) =>
        start.Length > 4 && start[0] == 0x08 && start[1] is > 0 and < 0x20 && start[2] is 0x12 or 0x1a or 0x3a or 0x42;
}
