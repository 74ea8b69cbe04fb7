using MerBench.Host.IO;

namespace MerBench.Host.Torch;

/// <summary>How native libraries are called on this system, and where .NET looks for those of the application.</summary>
internal static class NativeFile
{
    /// <summary>A library's file name: <c>libtorch_cpu.so</c> for <c>torch_cpu</c>.</summary>
    public static string Name(string library)
    {
        if (OperatingSystem.IsWindows())
            return $"{library}.dll";
        return OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
    }

    /// <summary>The library that .NET would load by name, or null.</summary>
    public static string? Probe(string library) =>
        ProbedFolders().Select(folder => Path.Combine(folder, Name(library))).FirstOrDefault(File.Exists);

    /// <summary>The folders that .NET probes, then a folder beside the application, then one in a package, which is unpacked when it
    /// comes to that.</summary>
    public static IEnumerable<string> ApplicationFolders(string name)
    {
        foreach (string folder in ProbedFolders())
            yield return folder;
        yield return Path.Combine(AppContext.BaseDirectory, name);
        if (PackedNatives.Folder is { } unpacked)
            yield return Path.Combine(unpacked, name);
    }

    /// <summary>True when two paths lead to one file, through links or not.</summary>
    public static bool AreSame(string a, string b) => string.Equals(Final(a), Final(b), StringComparison.Ordinal);

    // What the runtime made of the application's .deps.json when it started, then the folder of its assemblies.
    private static IEnumerable<string> ProbedFolders() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Select(Path.TrimEndingDirectorySeparator);

    private static string Final(string path) => Path.GetFullPath(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
}
