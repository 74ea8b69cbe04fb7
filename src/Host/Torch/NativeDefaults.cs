using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>
/// What libtorch's own libraries read from the environment and choose badly for this work unless told otherwise. What the user set stands.
/// </summary>
internal static partial class NativeDefaults
{
    /// <summary>Sets them; to be called before libtorch is loaded. .NET's own copy of the environment does not reach native libraries.
    /// </summary>
    public static void Set()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // GNU's OpenMP lets its threads turn for milliseconds before they sleep, on cores that .NET's threads and other processes then
        // lack: an attack step of vgg, where the two take turns, takes a tenth less with a shorter wait.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null)
            _ = SetUnlessSet("GOMP_SPINCOUNT", "10000", 0);
        // Maps of a network are given back to the system and asked for again at each step. In pages of 2 MB that takes a fifth of the
        // time in the system that it takes in pages of 4 kB.
        _ = SetUnlessSet("THP_MEM_ALLOC_ENABLE", "1", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetUnlessSet(string name, string value, int overwrite);
}
