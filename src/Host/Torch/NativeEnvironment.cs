using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>Environment variables as native libraries of this process see them: .NET's own copy does not reach them.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for native libraries, .NET and the processes that are started from here.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows())
            _ = SetVariable(name, value, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
