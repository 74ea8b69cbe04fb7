using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>TorchSharp's shim, the library that connects .NET with libtorch. It fits the libtorch that it was built for.</summary>
/// <param name="Path">Absolute path of the file.</param>
/// <param name="Named">Who chose it, as in messages: the variable, or the folder of libtorch that it lies in; null for the one that comes
/// with the application.</param>
public sealed record ShimLibrary(string Path, string? Named)
{
    /// <summary>Names a shim that was built for another libtorch.</summary>
    public const string Variable = "MERBENCH_LIBTORCHSHARP";

    /// <summary>Its name without what the system puts around it.</summary>
    public const string Library = "LibTorchSharp";

    // The one version that the shim of the package asks for and never uses (docs/architecture.md, "The native mend").
    internal const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <summary>Where the application's own lies, or null when it has none.</summary>
    public static string? OwnPath =>
        NativeFile.Probe(Library)
        ?? NativeFile
            .ApplicationFolders(LibTorchFolder.BundledName)
            .Select(folder => System.IO.Path.Combine(folder, NativeFile.Name(Library)))
            .FirstOrDefault(File.Exists);

    /// <summary>Whether a user built it, so that it may fit another libtorch than the application's own. Copies of that one carry its
    /// mend.</summary>
    public bool IsBuiltByUser => Named is not null && !ElfFile.NeededVersions(Path).Any(v => v.Name == UnusedVersion && v.IsWeak);

    /// <summary>How messages name it.</summary>
    public string Description => Named is null ? $"{System.IO.Path.GetFileName(Path)} of this application" : $"{Path} ({Named})";

    /// <summary>Finds the shim by precedence: the variable, then one beside a libtorch that the user named, then the application's
    /// own.</summary>
    /// <exception cref="UserErrorException">There is none, or the variable names no file (<see cref="ErrorKind.Environment"/>).</exception>
    public static ShimLibrary For(LibTorchFolder folder)
    {
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(named))
        {
            string path = System.IO.Path.GetFullPath(named);
            if (Directory.Exists(path))
                path = System.IO.Path.Combine(path, NativeFile.Name(Library));
            return File.Exists(path)
                ? new ShimLibrary(path, $"named by {Variable}")
                : throw new UserErrorException(
                    $"The environment variable {Variable}={named} names no file. Name the {NativeFile.Name(Library)} that you built, or "
                        + $"clear the variable to use the one that comes with MerBench.",
                    ErrorKind.Environment
                );
        }

        if (folder.Origin != LibTorchOrigin.Bundled && File.Exists(folder.PathOf(Library)))
            return new ShimLibrary(folder.PathOf(Library), "beside the named libtorch");
        return new ShimLibrary(
            OwnPath
                ?? throw new UserErrorException(
                    $"{NativeFile.Name(Library)}, which connects .NET with libtorch, does not come with this build for "
                        + $"{RuntimeInformation.RuntimeIdentifier}. Where MerBench has a package with it (docs/platforms.md), install "
                        + $"that again; elsewhere build LibTorchSharp and name it by {Variable} (docs/gpu.md).",
                    ErrorKind.Environment
                ),
            null
        );
    }
}
