using System.Text;

namespace MerBench.Host.IO;

/// <summary>Files that are whole or not there: written beside their place, flushed, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes text in UTF-8.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Writes text in UTF-8 unless the file is there; returns what the file then holds: of several writers the first decides.
    /// </summary>
    public static string WriteFirst(string path, string text)
    {
        try
        {
            Write(path, Encoding.UTF8.GetBytes(text), flush: true, overwrite: false);
            return text;
        }
        catch (IOException) when (File.Exists(path))
        {
            return File.ReadAllText(path);
        }
    }

    /// <param name="flush">False where a power failure may cost the file.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool flush = true) => Write(path, content, flush, overwrite: true);

    private static void Write(string path, ReadOnlySpan<byte> content, bool flush, bool overwrite)
    {
        if (overwrite && IsDevice(path))
        {
            using FileStream device = File.OpenWrite(path);
            device.Write(content);
            return;
        }

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

            File.Move(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // A device, or a pipe of the shell, is written to; a file that is moved there would take its place for everybody.
    private static bool IsDevice(string path)
    {
        string full = Path.GetFullPath(path);
        return (full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal))
            || full.StartsWith("/proc/", StringComparison.Ordinal);
    }
}
