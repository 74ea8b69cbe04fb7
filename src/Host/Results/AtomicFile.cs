using System.Text;

namespace MerBench.Host.Results;

/// <summary>Files that are whole or not there: written beside their place, flushed, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes text in UTF-8.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <param name="flush">False where a power failure may cost the file.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool flush = true)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}");
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: flush);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
