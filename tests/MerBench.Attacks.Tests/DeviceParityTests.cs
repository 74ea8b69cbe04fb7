using System.Runtime.CompilerServices;
using MerBench.Host.Torch;
using MerBench.Perf;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>Whether GPUs compute what CPUs do; without a GPU, whether the check would notice.</summary>
public sealed class DeviceParityTests
{
    // Before anything touches torch: these tests run with the libtorch that MERBENCH_LIBTORCH names.
    [ModuleInitializer]
    internal static void LoadTorch() => TorchBackend.Select(null).EnsureLoaded();

    [Test]
    [Category("Gpu")]
    public void A_GPU_computes_what_the_CPU_does()
    {
        TorchBackend backend = TorchBackend.Select(null);
        if (backend.CountGpus() == 0)
            Assert.Ignore(
                $"{backend.Folder!.Description} finds no GPU. Name a libtorch for CUDA by {LibTorchFolder.Variable}, see docs/gpu.md."
            );
        Assert.That(DeviceParity.Measure(backend.Choose("cuda").Device).Where(r => !r.Holds), Is.Empty);
    }

    [Test]
    [Category("Slow")]
    [Explicit("For those who have a GPU; run it with: dotnet test tests/MerBench.Attacks.Tests --filter TestCategory=Slow")]
    public void The_parity_check_knows_a_device_that_rounds_from_one_that_does_not()
    {
        // So narrow a network is slower on two threads than on one.
        int threads = get_num_threads();
        set_num_threads(1);
        try
        {
            KnowsThem();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static void KnowsThem()
    {
        Assert.That(DeviceParity.Measure(CPU, width: 0.05).Where(r => !r.Holds), Is.Empty);
        string[] broken = [.. DeviceParity.Measure(CPU, Precision.Bf16, width: 0.05).Where(r => !r.Holds).Select(r => r.What)];
        Assert.That(broken, Is.SupersetOf(new[] { "prediction, attack form", "gradient, attack form" }).And.No.Member("prediction"));
    }
}
