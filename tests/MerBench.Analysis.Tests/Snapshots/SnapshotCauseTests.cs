using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Results;
using static MerBench.Host.Tests.Snapshots.ComparedErrors;

namespace MerBench.Host.Tests.Snapshots;

/// <summary>Why a metric can have moved: what differs between two runs is named.</summary>
public sealed class SnapshotCauseTests
{
    [TestCase(
        """{"model":{"assembly":"b","options":{"width":1}},"device":"cpu","weights":null}""",
        CauseKind.ModelCode,
        "code of m (another build of its plugin) changed"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":2}},"device":"cpu","weights":null}""",
        CauseKind.ModelOptions,
        "m: width: 2 -> 1"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":"abc"}""",
        CauseKind.Weights,
        "weights file of m changed"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null,"train":{"epochs":3}}""",
        CauseKind.Training,
        "m, training: epochs: 3 -> nothing"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null,"dataset":"abc"}""",
        CauseKind.Dataset,
        "dataset (other clips, ratings or options) changed"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null,"front-end":{"assembly":"x"}}""",
        CauseKind.FrontEnd,
        "code of the front end (another build of its plugin) changed"
    )]
    public void What_differs_between_specifications_is_named(string model, CauseKind kind, string text)
    {
        ConditionComparison found = Compare(
            Shifted(0.05, 0.01),
            s => s with { Models = s.Models.ToDictionary(m => m.Key, _ => Comparison.Json(model), StringComparer.Ordinal) }
        );
        Assert.That(found.Causes.Select(c => (c.Kind, c.ToString())), Is.EqualTo(new[] { (kind, text) }));
        Assert.That(
            found.At.Line,
            Is.EqualTo(found.Causes[0].IsOfModel ? 4 : 6),
            "the model's line where it changed, else the perturbation's"
        );
    }

    [Test]
    public void Device_and_libtorch_are_causes_too()
    {
        ConditionComparison found = Compare(
            Shifted(0.05, 0.01),
            s => s with { Environment = Comparison.Environment with { Device = "cuda:0", LibTorch = "2.9.0" } }
        );
        Assert.That(found.Causes.Select(c => c.ToString()), Is.EqualTo(new[] { "device: cuda:0 -> cpu", "libtorch: 2.9.0 -> 2.10.0" }));
    }

    [Test]
    public void Another_processor_and_instruction_set_are_causes_and_what_an_older_snapshot_does_not_say_is_none()
    {
        ConditionComparison found = Compare(
            Shifted(0.05, 0.01),
            s => s with { Environment = Comparison.Environment with { Processor = "another", InstructionSet = "avx512_core_bf16" } }
        );
        Assert.That(
            found.Causes.Select(c => c.ToString()),
            Is.EqualTo(new[] { "processor: another -> AMD EPYC", "the instruction set: avx512_core_bf16 -> avx2" })
        );
        ConditionComparison older = Compare(
            Shifted(0.05, 0.01),
            s => s with { Environment = Comparison.Environment with { Processor = "", InstructionSet = "" } }
        );
        Assert.That(older.Causes, Is.Empty);
    }
}
