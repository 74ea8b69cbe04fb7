using MerBench.Host.Arithmetic;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Torch;

namespace MerBench.Host.Diagnosis;

/// <summary>Whether libtorch computes rightly on this processor, what was tried, and what runs do about it.</summary>
internal static class SelfTestCheck
{
    private const string Area = "arithmetic";

    /// <returns>The choice, which holds for this process, or null where nothing computes rightly; and what to say.</returns>
    public static (ArithmeticChoice? Choice, Finding[] Findings) Examine(TorchBackend backend, Examination subject)
    {
        try
        {
            var choice = ArithmeticChoice.Make(
                backend,
                new StoreFolder(subject.CacheFolder),
                subject.SelfTest,
                inWholeBlocks: false,
                CancellationToken.None
            );
            return (choice, [.. Describe(choice)]);
        }
        catch (UserErrorException problem) when (problem.Kind == ErrorKind.Environment && backend.Folder is not null)
        {
            return (null, [new Finding(Area, FindingStatus.Problem, "libtorch computes wrongly", problem.Message)]);
        }
    }

    /// <summary>Whether attacks in bf16 are worth it.</summary>
    public static Finding ExamineBFloat16(ArithmeticChoice arithmetic) =>
        arithmetic.HasBFloat16
            ? new Finding(Area, FindingStatus.Ok, $"bf16 can be used: {arithmetic.InstructionSet} computes it")
            : new Finding(Area, FindingStatus.Ok, $"'precision: bf16' is refused: {arithmetic.InstructionSet} has no instructions for it");

    /// <summary>Whether GPUs compute what the CPU does in float64.</summary>
    public static IEnumerable<Finding> ExamineGpus(TorchBackend backend, IReadOnlyList<TorchDevice> devices, string cacheFolder)
    {
        foreach (TorchDevice gpu in devices.Where(d => d.Type != "cpu"))
        {
            ArithmeticTry found = GpuArithmetic.Find(backend, gpu, new StoreFolder(cacheFolder)).Tries[0];
            yield return found.Passes
                ? new Finding(Area, FindingStatus.Ok, $"{gpu.Name}: {found.Describe()}")
                : new Finding(
                    Area,
                    FindingStatus.Problem,
                    $"{gpu.Name}: {found.Describe()}",
                    "Use another GPU, another driver or libtorch, or --device cpu."
                );
        }
    }

    private static IEnumerable<Finding> Describe(ArithmeticChoice choice)
    {
        string where = $"{Processor.Name} with {choice.InstructionSet}";
        if (choice.Verdict is not { } verdict)
        {
            yield return new Finding(Area, FindingStatus.Ok, $"{where}, chosen by the process that started this one");
            yield break;
        }

        if (choice.Remark is { } remark)
            yield return new Finding(Area, FindingStatus.Warning, $"{Processor.Name} computes wrongly as it is", remark);
        else
            yield return new Finding(Area, FindingStatus.Ok, $"{where}: {verdict.Tries[0].Describe()}");
        if (verdict.Tries.Count == 1)
            yield break;
        foreach (ArithmeticTry tried in verdict.Tries)
            yield return new Finding(Area, FindingStatus.Ok, $"tried {tried.Setting}: {tried.Describe()}");
    }
}
