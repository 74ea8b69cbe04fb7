using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>
/// Switches of libtorch's <c>at::Context</c>, the settings of the process, which TorchSharp does not offer. They are C++ functions of the
/// loaded libtorch, found by the names that GCC and Clang give them. All return false where it has no such function: then nothing has
/// changed.
/// </summary>
internal static class TorchContext
{
    private const string Context = "_ZN2at13globalContextEv";
    private const string SetNnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string SetOneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb";

    /// <summary>
    /// Has convolutions computed without NNPACK, which libtorch asks for those that oneDNN leaves over. On a processor that NNPACK does not
    /// know
    /// each question prints a warning; where it works, it rounds otherwise than libtorch's own kernels, which all others use.
    /// </summary>
    public static bool DisableNnpack() => Set(SetNnpack, false);

    /// <summary>Has everything computed without oneDNN.</summary>
    public static bool DisableOneDnn() => Set(SetOneDnn, false);

    /// <summary>Allows oneDNN again.</summary>
    public static bool EnableOneDnn() => Set(SetOneDnn, true);

    private static unsafe bool Set(string function, bool value)
    {
        nint library = LibTorchLoader.TorchCpu;
        if (library == 0 || !NativeLibrary.TryGetExport(library, Context, out nint context))
            return false;
        if (!NativeLibrary.TryGetExport(library, function, out nint set))
            return false;
        nint settings = ((delegate* unmanaged[Cdecl]<nint>)context)();
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)set)(settings, value ? (byte)1 : (byte)0);
        return true;
    }
}
