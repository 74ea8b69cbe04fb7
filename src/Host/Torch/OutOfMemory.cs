using System.Runtime.InteropServices;
using System.Runtime.Loader;
using MerBench.Host.Text;

namespace MerBench.Host.Torch;

/// <summary>Tells whether work failed because a device has too little memory, which smaller batches mend.</summary>
internal static class OutOfMemory
{
    // What libtorch's allocators and CUDA's libraries say (CUBLAS_STATUS_ALLOC_FAILED,
    // CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED); TorchSharp hands their words on in an exception of no type of its own.
    private static readonly string[] Words =
    [
        "out of memory",
        "can't allocate memory",
        "not enough memory",
        "ALLOC_FAILED",
        "ALLOCATION_FAILED",
    ];

    /// <summary>Also where a plugin wrapped the exception in one of its own.</summary>
    public static bool Is(Exception exception) =>
        (exception is OutOfMemoryException && !IsOfPlugin(exception))
        || (exception is ExternalException && SaysSo(exception))
        || (exception.InnerException is { } inner && Is(inner));

    // A plugin's own memory is its own affair: other cells keep their batches.
    private static bool IsOfPlugin(Exception exception) =>
        exception.TargetSite is { } thrower && AssemblyLoadContext.GetLoadContext(thrower.Module.Assembly) != AssemblyLoadContext.Default;

    private static bool SaysSo(Exception exception)
    {
        string message = GuestText.ReadMessage(exception);
        return Array.Exists(Words, w => message.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
