using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MerBench.Host.IO;

/// <summary>Lengths and times of files: whether anything was touched since, without reading a byte of them.</summary>
internal sealed class FileStamps : IDisposable
{
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        // A link may lead back to where it lies.
        MaxRecursionDepth = 8,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = true,
    };

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a file, or all files below a folder; that there is none is noted too.</summary>
    /// <param name="without">Names of files that do not count.</param>
    public void Add(string path, params string[] without)
    {
        AddText(path);
        if (Directory.Exists(path))
        {
            foreach (
                FileInfo file in new DirectoryInfo(path)
                    .EnumerateFiles("*", Everywhere)
                    .Where(f => !without.Contains(f.Name, StringComparer.Ordinal) && !TemporaryName.IsMeantBy(f.Name))
                    .OrderBy(f => f.FullName, StringComparer.Ordinal)
            )
                AddFile(file);
        }
        else if (new FileInfo(path) is { Exists: true } file)
        {
            AddFile(file);
        }
    }

    public void AddText(string text) => _hash.AppendData(Encoding.UTF8.GetBytes($"{text}\0"));

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AddFile(FileInfo file) =>
        AddText(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
}
