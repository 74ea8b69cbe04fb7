using System.Runtime.InteropServices;
using System.Text;

namespace MerBench.Host.IO;

/// <summary>Files that are whole or not there: written beside their place, flushed, renamed.</summary>
public static partial class AtomicFile
{
    /// <summary>Writes text in UTF-8.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <param name="flush">False where a power failure may cost the file.</param>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool flush = true)
    {
        if (IsDevice(path))
        {
            WriteToDevice(path, content);
            return;
        }

        Write(path, content, static (stream, content) => stream.Write(content), flush);
    }

    /// <summary>Writes what is too large to be held.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public static void Write(string path, Action<FileStream> write) =>
        Write(path, write, static (stream, write) => write(stream), flush: true);

    private static void Write<TContent>(string path, TContent content, Action<FileStream, TContent> write, bool flush)
        where TContent : allows ref struct
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!,
            temporary = Path.Combine(folder, TemporaryName.Create());
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                using (FileStream stream = File.Create(temporary))
                {
                    write(stream, content);
                    stream.Flush(flushToDisk: flush);
                }

                MoveInto(temporary, path);
            }
            finally
            {
                TemporaryName.Delete(temporary);
            }
        }
        catch (Exception e) when (DiskException.CanExplain(e))
        {
            throw DiskException.Explain(Path.GetFullPath(path), e);
        }
    }

    /// <summary>Renames a finished file to its place, and takes that of a file, or of an empty folder that damage has left there.</summary>
    internal static void MoveInto(string temporary, string path)
    {
        if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any())
            Directory.Delete(path);
        if (Directory.Exists(path))
            throw new IOException("a folder of that name is in its place; move it away");
        long length = new FileInfo(temporary).Length;
        Renaming.Do(
            () => File.Move(temporary, path, overwrite: true),
            () => !File.Exists(temporary) && new FileInfo(path) is { Exists: true } moved && moved.Length == length
        );
    }

    /// <summary>Gives a finished file its place unless that is taken: of several writers at the same moment, one gets it.</summary>
    /// <returns>False where it was taken; the temporary file may be left.</returns>
    internal static bool TryMoveIntoFree(string temporary, string path)
    {
        // File.Move looks first and renames then, so that two may both find the place free; a second name is given in one step.
        if (!OperatingSystem.IsWindows() && Link(temporary, path) == 0)
            return true;
        if (Path.Exists(path))
            return false;
        try
        {
            // A file system without second names.
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(path))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string another);

    private static void WriteToDevice(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            using FileStream device = File.OpenWrite(path);
            device.Write(content);
        }
        catch (Exception e) when (DiskException.CanExplain(e))
        {
            throw DiskException.Explain(path, e);
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
