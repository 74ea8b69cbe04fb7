using MerBench.Host.Arithmetic;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Tests.Arithmetic;

/// <summary>The self-test of libtorch's arithmetic, on this processor and on one with a planted fault.</summary>
public sealed class ArithmeticTestTests
{
    [Test]
    public void Everything_is_right_as_this_process_computes()
    {
        bool withBFloat16 = InstructionSet.HasBFloat16(ArithmeticSetting.AsItIs.FindInstructionSet(Environment.GetEnvironmentVariable));
        ArithmeticFindings findings = ArithmeticTest.Run(Operations.List(withBFloat16), CPU, 2);
        Assert.That(findings.Faults.Select(f => f.ToString()), Is.Empty);
        Assert.That(findings.Operations, Is.GreaterThan(90));
        TestContext.Out.WriteLine($"{findings.Operations} operations in {findings.Seconds:0.00} s");
    }

    [Test]
    public void Both_formats_are_tested_where_the_processor_has_instructions_for_bf16() =>
        Assert.That(
            Operations.List(withBFloat16: true).Except(Operations.List(withBFloat16: false)).Select(o => o.Name),
            Has.Some.EqualTo("products of tiles, bf16").And.Some.EqualTo("convolution 8 to 8, 3x3, bf16")
        );

    [Test]
    public void Names_of_operations_tell_them_apart()
    {
        string[] names = [.. Operations.List(withBFloat16: true).Select(o => o.Name)];
        Assert.That(names, Is.Unique);
    }

    [Test]
    public void Channels_that_fill_a_block_with_what_was_in_memory_are_found()
    {
        IReadOnlyList<ArithmeticFault> faults = Run(new UnzeroedBlocks(0.2f)).Faults;
        Assert.That(
            faults.Select(f => f.Operation),
            Has.Some.EqualTo("convolution 8 to 8, 3x3").And.Some.EqualTo("convolution 24 to 24, 3x3")
        );
        Assert.That(faults.Select(f => f.Part).Distinct(), Is.EqualTo(new[] { "gradient to the input" }));
        Assert.That(faults.Select(f => f.Error), Has.All.EqualTo(0.2).Within(1e-4));
    }

    [Test]
    public void Such_a_fault_spares_convolutions_in_whole_blocks()
    {
        var found = new ArithmeticTry("as it is", Run(new UnzeroedBlocks(0.2f)), null);
        Assert.That(found.Passes, Is.False);
        Assert.That(found.PassesInWholeBlocks, Is.True);
        int unfilled = Convolved(new UnzeroedBlocks(0.2f))
            .Count(o => !o.FillsBlocks && o.Name.StartsWith("convolution", StringComparison.Ordinal));
        Assert.That(found.Findings!.Faults, Has.Count.GreaterThan(unfilled / 2));
    }

    [Test]
    public void What_is_no_number_is_found_and_named()
    {
        ArithmeticFault fault = Run(new UnzeroedBlocks(float.NaN)).Faults[0];
        Assert.That(fault.Error, Is.Null);
        Assert.That(fault.ToString(), Does.EndWith("gradient to the input not a number"));
    }

    [Test]
    public void A_hundredth_of_a_percent_is_found() => Assert.That(Run(new UnzeroedBlocks(1e-4f)).Faults, Is.Not.Empty);

    [Test]
    public void Memory_that_an_operation_reads_and_never_wrote_is_seen_the_first_time()
    {
        Tensor Reads(Tensor input, Tensor weight, long stride, IReadOnlyList<long> padding)
        {
            Tensor right = Convolutions.ByTorch(input, weight, stride, padding);
            return right.dtype == ScalarType.Float32 ? right + (empty(right.shape) * 0) : right;
        }

        ArithmeticFindings findings = ArithmeticTest.Run(
            [.. Convolutions.List(Reads).Where(o => !o.Name.StartsWith("transposed", StringComparison.Ordinal))],
            CPU,
            1
        );
        Assert.That(findings.Faults.Count, Is.GreaterThan(findings.Operations / 2));
    }

    [Test]
    public void A_GPU_computes_what_the_CPU_does_in_float64()
    {
        TorchBackend backend = TorchBackend.Select(null);
        if (backend.CountGpus() == 0)
            Assert.Ignore("There is no GPU.");
        Assert.That(GpuArithmetic.Test(backend.Choose("cuda")).Tries[0].Findings!.Faults, Is.Empty);
    }

    [Test]
    public void The_number_of_threads_is_as_it_was()
    {
        int before = get_num_threads();
        ArithmeticTest.Run([.. Operations.List(false).TakeLast(4)], CPU, before + 1);
        Assert.That(get_num_threads(), Is.EqualTo(before));
    }

    private static ArithmeticFindings Run(UnzeroedBlocks convolution) => ArithmeticTest.Run([.. Convolved(convolution)], CPU, 1);

    private static IEnumerable<Operation> Convolved(UnzeroedBlocks convolution) => Convolutions.List(convolution.Convolve);
}
