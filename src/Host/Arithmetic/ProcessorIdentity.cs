using System.Runtime.InteropServices;

namespace MerBench.Host.Arithmetic;

/// <summary>What tells this processor from others: maker, family, model, stepping, microcode and flags, as far as the system
/// says.</summary>
internal static class ProcessorIdentity
{
    private const string LinuxFacts = "/proc/cpuinfo";
    private static readonly string[] Telling =
    [
        "vendor_id",
        "cpu family",
        "model",
        "model name",
        "stepping",
        "microcode",
        "flags", // x86
        "CPU implementer",
        "CPU part",
        "Features", // Arm
    ];

    /// <summary>One line for each fact.</summary>
    public static string Text { get; } =
        string.Join('\n', [.. Facts(), InstructionSet.OfProcessor, RuntimeInformation.ProcessArchitecture.ToString()]);

    private static IEnumerable<string> Facts() =>
        File.Exists(LinuxFacts)
            ? File.ReadLines(LinuxFacts)
                .TakeWhile(line => line.Length > 0)
                .Where(line => Telling.Contains(line.Split(':')[0].Trim(), StringComparer.Ordinal))
            : [Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? ""];
}
