using MerBench.Host.Arithmetic;
using MerBench.Host.Storage;

namespace MerBench.Tests.Arithmetic;

/// <summary>Which settings are tried, in which order, and which one is taken.</summary>
public sealed class ArithmeticSettingTests
{
    private static readonly ArithmeticFindings s_right = new(100, [], new ConvolutionSpeed(1, 1), 1);
    private static readonly ArithmeticFindings s_wrongInParts = s_right with
    {
        Faults = [new("convolution 8 to 8, 3x3", "gradient to the input", 0.4, FillsBlocks: false)],
    };
    private static readonly ArithmeticFindings s_wrong = s_right with { Faults = [new("LSTM", "value", null, FillsBlocks: true)] };

    [Test]
    public void The_instruction_set_steps_down_then_oneDNN_is_switched_off() =>
        Assert.That(
            ArithmeticSetting.ListFor("avx512_core_bf16").Select(s => s.Name),
            Is.EqualTo(
                new[]
                {
                    "as it is",
                    "ONEDNN_MAX_CPU_ISA=AVX512_CORE",
                    "ONEDNN_MAX_CPU_ISA=AVX2_VNNI_2",
                    "ONEDNN_MAX_CPU_ISA=AVX2",
                    "without oneDNN",
                    "ONEDNN_MAX_CPU_ISA=SSE41",
                }
            )
        );

    [TestCase("avx512_core", "as it is|ONEDNN_MAX_CPU_ISA=AVX2_VNNI_2|ONEDNN_MAX_CPU_ISA=AVX2|without oneDNN|ONEDNN_MAX_CPU_ISA=SSE41")]
    [TestCase("avx2", "as it is|without oneDNN|ONEDNN_MAX_CPU_ISA=SSE41")]
    [TestCase("arm64", "as it is|without oneDNN")]
    public void A_limit_that_the_processor_does_not_reach_is_not_tried(string instructionSet, string expected) =>
        Assert.That(string.Join('|', ArithmeticSetting.ListFor(instructionSet)), Is.EqualTo(expected));

    [Test]
    public void A_limit_is_in_effect_where_the_processor_has_more()
    {
        string own = InstructionSet.OfProcessor;
        Assert.That(InstructionSet.FindInEffect(_ => null), Is.EqualTo(own));
        Assert.That(
            InstructionSet.FindInEffect(name => name == "ONEDNN_MAX_CPU_ISA" ? "SSE41" : null),
            Is.EqualTo(own == "arm64" ? own : "sse41")
        );
        Assert.That(
            InstructionSet.FindInEffect(name => name == "DNNL_MAX_CPU_ISA" ? "SSE41" : null),
            Is.EqualTo(own == "arm64" ? own : "sse41")
        );
        Assert.That(InstructionSet.FindInEffect(_ => "AVX512_CORE_AMX_FP16"), Is.EqualTo(own));
        Assert.That(InstructionSet.FindInEffect(_ => "nonsense"), Is.EqualTo(own));
        Assert.That(ArithmeticSetting.WithoutOneDnn.FindInstructionSet(_ => null), Is.EqualTo("libtorch's own kernels"));
    }

    [TestCase("avx2", false)]
    [TestCase("avx2_vnni_2", false)]
    [TestCase("avx512_core", true)]
    [TestCase("avx512_core_amx", true)]
    [TestCase("libtorch's own kernels", false)]
    public void Bf16_needs_instructions_that_load_and_store_it(string instructionSet, bool expected) =>
        Assert.That(InstructionSet.HasBFloat16(instructionSet), Is.EqualTo(expected));

    [Test]
    public void The_first_setting_that_passes_is_taken()
    {
        var verdict = new ArithmeticVerdict([
            new("as it is", s_wrongInParts, null),
            new("ONEDNN_MAX_CPU_ISA=AVX2", null, "signal 4 ended the self-test"),
            new("without oneDNN", s_right, null),
        ]);
        Assert.That(verdict.Choose(inWholeBlocks: false)?.Setting, Is.EqualTo("without oneDNN"));
    }

    [Test]
    public void Models_with_whole_blocks_keep_a_setting_that_is_wrong_for_others_only()
    {
        var verdict = new ArithmeticVerdict([new("as it is", s_wrongInParts, null), new("ONEDNN_MAX_CPU_ISA=AVX2", s_right, null)]);
        Assert.That(verdict.Choose(inWholeBlocks: true)?.Setting, Is.EqualTo("as it is"));
    }

    [Test]
    public void What_is_wrong_for_all_models_is_taken_by_none()
    {
        var verdict = new ArithmeticVerdict([new("as it is", s_wrong, null)]);
        Assert.That(verdict.Choose(inWholeBlocks: true), Is.Null);
        Assert.That(verdict.Tries[0].Describe(), Is.EqualTo("1 of 100 operations are wrong (LSTM: value not a number)"));
    }

    [Test]
    public void A_verdict_is_kept_for_its_machine_and_a_damaged_one_is_none()
    {
        string folder = Directory.CreateTempSubdirectory("merbench-arithmetic-").FullName;
        var store = new ArithmeticStore(new StoreFolder(folder));
        var verdict = new ArithmeticVerdict([new("as it is", s_wrong, null)]);
        Assert.That(store.Find("this"), Is.Null);
        store.Keep("this", verdict);
        Assert.That(store.Find("this")!.Tries[0].Describe(), Is.EqualTo(verdict.Tries[0].Describe()));
        Assert.That(store.Find("another"), Is.Null);
        File.WriteAllText(Directory.GetFiles(Path.Combine(folder, "arithmetic"))[0], "{ \"tries\": [");
        Assert.That(store.Find("this"), Is.Null);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void A_verdict_holds_for_one_libtorch_and_one_environment()
    {
        string one = Path.GetTempFileName();
        string before = ArithmeticStore.Identify(one);
        File.WriteAllText(one, "longer");
        Assert.That(ArithmeticStore.Identify(one), Is.Not.EqualTo(before));
        Assert.That(before, Does.Contain(InstructionSet.OfProcessor).And.Contain("MerBench "));
        File.Delete(one);
    }
}
