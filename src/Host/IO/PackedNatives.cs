using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace MerBench.Host.IO;

/// <summary>
/// The native libraries of a package, which holds them compressed. They are unpacked once, when the first of them is wanted: beside the
/// package's archive, or in the user's folder for data where that cannot be written. The output of a build holds them as they are.
/// </summary>
public static class PackedNatives
{
    /// <summary>The folder that they are unpacked into.</summary>
    public const string FolderName = "natives";

    private static readonly Lazy<string?> Unpacked = new(FindOrUnpack);
    private static Action<string> _tell = _ => { };

    /// <summary>Has .NET find them too, where it finds no library of a name.</summary>
    /// <param name="tell">Takes a line for people when they are unpacked, which takes seconds.</param>
    public static void Offer(Action<string> tell)
    {
        if (!File.Exists(ArchivePath))
            return;
        _tell = tell;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            FindFiles(name).FirstOrDefault(File.Exists) is { } path ? NativeLibrary.Load(path) : 0;
    }

    /// <summary>The folder with the unpacked libraries; null where nothing is packed.</summary>
    /// <exception cref="UserErrorException">They cannot be unpacked (<see cref="ErrorKind.Environment"/>).</exception>
    public static string? Folder => Unpacked.Value;

    private static string ArchivePath => Path.Combine(AppContext.BaseDirectory, NativeArchive.FileName);

    // Names as in DllImport come with what the system puts around them, or without.
    private static IEnumerable<string> FindFiles(string name) =>
        Folder is { } folder
            ? new[] { name, $"lib{name}.so", $"lib{name}.dylib", $"{name}.dll", $"{name}.so", $"{name}.dylib" }.Select(file =>
                Path.Combine(folder, file)
            )
            : [];

    private static string? FindOrUnpack()
    {
        if (!File.Exists(ArchivePath))
            return null;
        string beside = Path.Combine(AppContext.BaseDirectory, FolderName);
        if (Directory.Exists(beside))
            return beside;
        // Another version of the package has another archive.
        string own = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "merbench",
            FolderName,
            IdentifyArchive()
        );
        if (Directory.Exists(own))
            return own;

        _tell("Unpacking the package's native libraries, once; this takes some seconds.");
        try
        {
            return UnpackInto(beside);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            try
            {
                return UnpackInto(own);
            }
            catch (Exception second) when (second is UnauthorizedAccessException or IOException or InvalidDataException)
            {
                throw new UserErrorException(
                    $"The native libraries of MerBench ({NativeArchive.FileName}) can be unpacked neither into {beside} ({e.Message}) nor "
                        + $"into {own} ({second.Message}). One of the two must be writable, with half a gigabyte free, once.",
                    ErrorKind.Environment,
                    second
                );
            }
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"{ArchivePath} is damaged: {e.Message} Install MerBench again.", ErrorKind.Environment, e);
        }
    }

    // Whoever is first to finish wins; a folder of this name is whole.
    private static string UnpackInto(string folder)
    {
        string parent = Path.GetDirectoryName(folder)!,
            unfinished = Path.Combine(parent, TemporaryName.Create());
        try
        {
            Directory.CreateDirectory(unfinished);
            NativeArchive.Unpack(ArchivePath, unfinished);
            Renaming.Do(() => Directory.Move(unfinished, folder), () => Directory.Exists(folder));
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process unpacked them meanwhile.
        }
        finally
        {
            TemporaryName.Delete(unfinished);
        }
        return folder;
    }

    private static string IdentifyArchive()
    {
        using FileStream archive = File.OpenRead(ArchivePath);
        return Convert.ToHexStringLower(SHA256.HashData(archive))[..16];
    }
}
