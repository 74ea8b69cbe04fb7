using System.Runtime.InteropServices;

namespace MerBench.Host.Native;

/// <summary>libtorch's switches of the process that TorchSharp has no names for (<c>at::Context</c>), by the names that GCC and Clang give them.</summary>
internal static unsafe class TorchContext
{
    private static nint s_torchCpu;

    /// <summary>Where the functions are: the library that this process has loaded.</summary>
    public static void Use(nint torchCpu) => s_torchCpu = torchCpu;

    /// <summary>Lets libtorch's own kernels compute what oneDNN would.</summary>
    /// <returns>False where this libtorch does not let itself be told.</returns>
    public static bool DisableOneDnn() => Set("_ZN2at7Context20setUserEnabledMkldnnEb", enabled: false);

    private static bool Set(string function, bool enabled)
    {
        if (s_torchCpu == 0
            || !NativeLibrary.TryGetExport(s_torchCpu, "_ZN2at13globalContextEv", out nint context)
            || !NativeLibrary.TryGetExport(s_torchCpu, function, out nint setter)) return false;
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)setter)(((delegate* unmanaged[Cdecl]<nint>)context)(), enabled ? (byte)1 : (byte)0);
        return true;
    }
}
