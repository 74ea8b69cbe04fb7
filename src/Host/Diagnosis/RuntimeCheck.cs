using System.Runtime.InteropServices;

namespace MerBench.Host.Diagnosis;

/// <summary>.NET and the operating system.</summary>
internal static class RuntimeCheck
{
    public static Finding Examine()
    {
        string what =
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})";
        return Environment.Is64BitProcess
            ? new Finding("runtime", FindingStatus.Ok, what)
            : new Finding("runtime", FindingStatus.Problem, what, "libtorch needs a 64-bit process: install the 64-bit .NET runtime.");
    }
}
