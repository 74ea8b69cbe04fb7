using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>
/// How long libtorch's threads wait in a loop for their next work before they sleep. By default GNU's OpenMP lets them turn for
/// milliseconds, on cores that .NET's threads and other processes then lack: an attack step of
/// <c>vgg</c>, where the two take turns, takes a tenth less with the shorter wait.
/// </summary>
internal static partial class OpenMpWaiting
{
    private const string Turns = "GOMP_SPINCOUNT",
        Policy = "OMP_WAIT_POLICY";

    /// <summary>Shortens it, unless the user chose; to be called before libtorch is loaded. .NET's own copy of the environment does not
    /// reach native libraries.</summary>
    public static void Shorten()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Policy) is null)
            _ = SetUnlessSet(Turns, "10000", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetUnlessSet(string name, string value, int overwrite);
}
