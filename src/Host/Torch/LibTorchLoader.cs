using System.Reflection;
using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>
/// Loads a libtorch and TorchSharp's shim by absolute path, before TorchSharp looks for them: the shim asks for libraries by name, and
/// the system then finds those that are loaded already.
/// </summary>
internal static class LibTorchLoader
{
    /// <summary>The version of libtorch that the shim is built for, for example 2.10.0.</summary>
    public static Version Needed { get; } =
        Version.Parse(
            typeof(LibTorchLoader)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "MerBench.LibTorchVersion")
                .Value!
        );

    /// <summary>The loaded library <c>torch_cpu</c>; zero before <see cref="Load(LibTorchFolder, ShimLibrary)"/>.</summary>
    public static nint TorchCpu { get; private set; }

    /// <summary>Loads everything.</summary>
    /// <returns>The version of libtorch as the library itself states it; null for one that is older than such statements.</returns>
    /// <exception cref="UserErrorException">Something is missing or does not fit (<see cref="ErrorKind.Environment"/>).</exception>
    public static Version? Load(LibTorchFolder folder, ShimLibrary shim)
    {
        RefuseSecond("torch_cpu", folder.PathOf("torch_cpu"), folder.Description);
        RefuseSecond(ShimLibrary.Library, shim.Path, shim.Description);

        NativeDefaults.Set();
        LoadIfPresent(folder, "torch_global_deps");
        _ = Load(folder, folder.PathOf("c10"));
        LoadIfPresent(folder, "c10_cuda");
        TorchCpu = Load(folder, folder.PathOf("torch_cpu"));
        Version? version = VersionOf(TorchCpu);
        if (!shim.IsBuiltByUser)
            Require(version, folder);
        LoadIfPresent(folder, "torch_cuda");
        _ = Load(folder, folder.PathOf("torch"));
        if (shim.IsBuiltByUser)
            ShimBinding.Load(shim, folder, version);
        else
            _ = Load(folder, shim.Path);
        return version;
    }

    // TorchSharp loads 'torch_cpu' and its shim by name. If .NET found other copies than those chosen here, two libtorch would register the
    // same operators in one process, which ends it.
    private static void RefuseSecond(string library, string chosen, string description)
    {
        if (NativeFile.Probe(library) is { } probed && !NativeFile.AreSame(probed, chosen))
        {
            throw new UserErrorException(
                $"{description} cannot be used by this build, because .NET would also load {probed}. Use the packaged tool, which keeps "
                    + "its own libtorch apart (LibTorchApart in its project file), or use the libtorch of this build.",
                ErrorKind.Environment
            );
        }
    }

    private static void LoadIfPresent(LibTorchFolder folder, string library)
    {
        if (File.Exists(folder.PathOf(library)))
            _ = Load(folder, folder.PathOf(library));
    }

    private static nint Load(LibTorchFolder folder, string path)
    {
        try
        {
            if (ElfFile.IsCutOff(path))
                throw Failed("is cut off. Download or copy it again.");
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
            new($"libtorch could not be loaded from {folder.Description}: {Path.GetFileName(path)} {how}", ErrorKind.Environment, inner);
    }

    private static unsafe Version? VersionOf(nint torchCpu)
    {
        if (!NativeLibrary.TryGetExport(torchCpu, "aoti_torch_abi_version", out nint function))
            return null;
        ulong packed = ((delegate* unmanaged[Cdecl]<ulong>)function)();
        return new Version((int)(packed >> 56), (int)(packed >> 48 & 0xff), (int)(packed >> 40 & 0xff));
    }

    // The shim's calls are bound as they happen: an unfit libtorch would load, and end the process at the first missing function.
    private static void Require(Version? found, LibTorchFolder folder)
    {
        if (found is not null && found.Major == Needed.Major && found.Minor == Needed.Minor)
            return;
        string what = found is null ? "older than 2.9" : $"version {found}";
        throw new UserErrorException(
            $"{folder.Description} is libtorch {what}, but MerBench needs {Needed.ToString(2)}.x. "
                + $"Install that version (pip install 'torch=={Needed.ToString(2)}.*') and name its folder torch/lib, use the libtorch "
                + $"that comes with MerBench, "
                + $"or build LibTorchSharp for this one and name it by {ShimLibrary.Variable} (docs/gpu.md).",
            ErrorKind.Environment
        );
    }
}
