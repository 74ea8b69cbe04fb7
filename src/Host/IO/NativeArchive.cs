using System.Formats.Tar;
using System.IO.Compression;

namespace MerBench.Host.IO;

/// <summary>
/// Native libraries in one file, a tar archive compressed by Brotli: three quarters of what they take in a package, which is a zip archive.
/// </summary>
internal static class NativeArchive
{
    public const string FileName = "natives.tar.br";

    // Libtorch takes 80.0 MB by it in 21 s, 81.4 by one less in 15 s, 77.7 by the one that takes 200 s.
    private const int Quality = 6;

    /// <param name="files">Each file, and its name in the archive, with / between folders.</param>
    public static void Write(Stream to, IEnumerable<(string File, string Name)> files)
    {
        using var compressed = new BrotliStream(to, new BrotliCompressionOptions { Quality = Quality }, leaveOpen: true);
        using var tar = new TarWriter(compressed, TarEntryFormat.Pax);
        foreach ((string file, string name) in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            using FileStream content = File.OpenRead(file);
            // Neither time nor owner: the same files make the same archive.
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch }
            );
        }
    }

    /// <summary>Unpacks an archive into a folder that exists.</summary>
    /// <exception cref="IOException">It cannot be written there.</exception>
    /// <exception cref="InvalidDataException">The archive is cut off or damaged.</exception>
    public static void Unpack(string archive, string folder)
    {
        using FileStream file = File.OpenRead(archive);
        using var decompressed = new BrotliStream(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(decompressed, folder, overwriteFiles: false);
    }
}
