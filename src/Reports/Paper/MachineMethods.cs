using MerBench.Host.Results;
using MerBench.Reports.Bibliography;

namespace MerBench.Reports.Paper;

/// <summary>Versions and the machine.</summary>
internal static class MachineMethods
{
    public static Paragraph Write(RunFacts facts)
    {
        var text = new Paragraph();
        RunEnvironment on = facts.Results.Environment;
        string file = on.File.Length > 0 ? on.File : facts.Results.Benchmark;
        int kept = facts.Results.Cells.Count(c => c.FromStore);
        text.Say(
            $"All {facts.Results.Cells.Count} cells of the benchmark {Inline.Code(file)} were run by MerBench {on.MerBench}"
                + $"{Inline.Cite(OwnReferences.MerBench)} with libtorch {on.LibTorch}{Inline.Cite(OwnReferences.LibTorch)} and "
                + $"{on.Runtime} under {on.OperatingSystem}, on {NameDevice(on)} with {on.Threads} thread{(on.Threads == 1 ? "" : "s")}"
                + $"{(on.Commit is { } commit ? $", at commit {commit}" : "")}."
        );
        if (on.Arithmetic.Length > 0)
            text.Say(
                $"A self-test compares libtorch's arithmetic with float64 before each run; on this processor some operations were wrong "
                    + $"as they were, and the run computed with {on.InstructionSet}, where what its models use is right."
            );
        if (kept > 0)
            text.Say($"{kept} of them had been finished by an earlier run and were kept.");
        return text;
    }

    private static string NameDevice(RunEnvironment on)
    {
        if (on.Processor.Length == 0)
            return on.Device;
        return on.Device == "cpu"
            ? $"the CPU ({on.ProcessorAndInstructions})"
            : $"{on.Device} (host processor {on.ProcessorAndInstructions})";
    }
}
