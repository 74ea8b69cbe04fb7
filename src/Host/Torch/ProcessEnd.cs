using System.Runtime.InteropServices;

namespace MerBench.Host.Torch;

/// <summary>How a process ends in which work was left behind: it computes still, in native code that nothing can stop, and would crash as
/// soon as libtorch's own memory is torn down.</summary>
public static partial class ProcessEnd
{
    private static volatile bool s_isWorkLeft;

    /// <summary>Ends the process at once where work was left behind, else returns the code to end with.</summary>
    public static int With(int exitCode)
    {
        if (!s_isWorkLeft || OperatingSystem.IsWindows())
            return exitCode;
        Console.Out.Flush();
        Console.Error.Flush();
        Exit(exitCode);
        return exitCode;
    }

    /// <summary>Ends the process at once, whatever it does.</summary>
    public static void Now(int exitCode)
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(exitCode);
        Exit(exitCode);
    }

    internal static void NoteWorkLeft() => s_isWorkLeft = true;

    // Without what libraries have registered for the end.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
