using System.Runtime.InteropServices;

namespace MerBench.Host.Results;

/// <summary>The processor of this machine, by the name that the system gives it.</summary>
public static class Processor
{
    private const string LinuxFacts = "/proc/cpuinfo";

    public static string Name { get; } =
        (
            File.Exists(LinuxFacts)
                ? File.ReadLines(LinuxFacts)
                    .FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
                    ?.Split(':', 2)[1]
                    .Trim()
                : null
        )
        ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
        ?? RuntimeInformation.ProcessArchitecture.ToString();
}
