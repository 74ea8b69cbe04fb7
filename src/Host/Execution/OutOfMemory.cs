using System.Runtime.InteropServices;

namespace MerBench.Host.Execution;

/// <summary>Tells whether work failed because a device has too little memory, which smaller batches mend.</summary>
internal static class OutOfMemory
{
    // What libtorch's allocators say; TorchSharp hands their words on in an exception of no type of its own.
    private static readonly string[] Words = ["out of memory", "can't allocate memory", "not enough memory"];

    public static bool Is(Exception exception) =>
        exception is OutOfMemoryException || (exception is ExternalException && Array.Exists(Words, w => exception.Message.Contains(w, StringComparison.OrdinalIgnoreCase)));
}
