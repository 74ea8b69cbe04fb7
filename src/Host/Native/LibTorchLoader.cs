using System.Reflection;
using System.Runtime.InteropServices;

namespace MerBench.Host.Native;

/// <summary>
/// Loads a libtorch and TorchSharp's shim by absolute path, before TorchSharp looks for them: the shim asks for libraries by name, and
/// the system then finds those that are loaded already.
/// </summary>
internal static class LibTorchLoader
{
    private const string Shim = "LibTorchSharp";

    /// <summary>The version of libtorch that the shim is built for, for example 2.10.0.</summary>
    public static Version Needed { get; } = Version.Parse(
        typeof(LibTorchLoader).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "MerBench.LibTorchVersion").Value!);

    /// <summary>Where the shim lies, or null when the application has none.</summary>
    public static string? ShimPath => NativeFile.Probe(Shim);

    /// <summary>Loads everything.</summary>
    /// <returns>The version of libtorch as the library itself states it.</returns>
    /// <exception cref="UserErrorException">Something is missing or does not fit (exit code 4).</exception>
    public static Version Load(LibTorchFolder folder)
    {
        string shim = ShimPath ?? throw new UserErrorException(
            $"{NativeFile.Name(Shim)}, which connects .NET with libtorch, is missing beside the application. Install MerBench again.", exitCode: 4);
        RefuseSecondLibTorch(folder);

        LoadIfPresent(folder, "torch_global_deps");
        _ = Load(folder, folder.PathOf("c10"));
        LoadIfPresent(folder, "c10_cuda");
        Version version = VersionOf(folder, Load(folder, folder.PathOf("torch_cpu")));
        LoadIfPresent(folder, "torch_cuda");
        _ = Load(folder, folder.PathOf("torch"));
        _ = Load(folder, shim);
        return version;
    }

    // TorchSharp loads 'torch_cpu' by name. If .NET found another copy than the one chosen here, two libtorch would register the same
    // operators in one process, which ends it.
    private static void RefuseSecondLibTorch(LibTorchFolder folder)
    {
        if (NativeFile.Probe("torch_cpu") is { } probed && !NativeFile.AreSame(probed, folder.PathOf("torch_cpu")))
        {
            throw new UserErrorException(
                $"{folder.Description} cannot be used by this build, because .NET would also load {probed}. Use the packaged tool, which keeps "
                + "its own libtorch apart (LibTorchApart in its project file), or use the libtorch of this build.",
                exitCode: 4);
        }
    }

    private static void LoadIfPresent(LibTorchFolder folder, string library)
    {
        if (File.Exists(folder.PathOf(library))) _ = Load(folder, folder.PathOf(library));
    }

    private static nint Load(LibTorchFolder folder, string path)
    {
        try
        {
            if (ElfFile.IsCutOff(path)) throw Failed("is cut off. Download or copy it again.");
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw Failed($"failed. {LoadFailure.Explain(e.Message, $"{Needed.ToString(2)}.x")}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"cannot be read. {e.Message}", e);
        }

        UserErrorException Failed(string how, Exception? inner = null) =>
            new($"libtorch could not be loaded from {folder.Description}: {Path.GetFileName(path)} {how}", exitCode: 4, inner);
    }

    // The shim's calls are bound as they happen: an unfit libtorch would load, and end the process at the first missing function.
    private static unsafe Version VersionOf(LibTorchFolder folder, nint torchCpu)
    {
        Version? found = null;
        if (NativeLibrary.TryGetExport(torchCpu, "aoti_torch_abi_version", out nint function))
        {
            ulong packed = ((delegate* unmanaged[Cdecl]<ulong>)function)();
            found = new Version((int)(packed >> 56), (int)(packed >> 48 & 0xff), (int)(packed >> 40 & 0xff));
        }

        if (found is not null && found.Major == Needed.Major && found.Minor == Needed.Minor) return found;
        string what = found is null ? "older than 2.9" : $"version {found}";
        throw new UserErrorException(
            $"{folder.Description} is libtorch {what}, but MerBench needs {Needed.ToString(2)}.x. "
            + $"Install that version (pip install 'torch=={Needed.ToString(2)}.*') and name its folder torch/lib, or use the libtorch that comes with MerBench.",
            exitCode: 4);
    }
}
