using System.Runtime.InteropServices;
using MerBench.Host.Torch;

namespace MerBench.Tests.Execution;

public sealed class OutOfMemoryTests
{
    // As torch words them, on CPUs and GPUs.
    [TestCase("CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 5.06 GiB is free.", true)]
    [TestCase("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call", true)]
    [TestCase("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", true)]
    [TestCase("cuDNN error: CUDNN_STATUS_ALLOC_FAILED", true)]
    [TestCase("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED", true)]
    [TestCase("cuFFT error: CUFFT_ALLOC_FAILED", true)]
    [TestCase(
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 512 bytes. "
            + "Error code 12 (Cannot allocate memory)",
        true
    )]
    [TestCase("CUDA error: an illegal memory access was encountered", false)]
    [TestCase("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`", false)]
    [TestCase("The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1", false)]
    public void It_is_told_by_what_torch_says(string message, bool expected)
    {
        Assert.That(OutOfMemory.Is(new TorchException(message)), Is.EqualTo(expected));
        Assert.That(
            OutOfMemory.Is(new InvalidOperationException("a plugin's own words", new TorchException(message))),
            Is.EqualTo(expected)
        );
    }

    // TorchSharp throws its base class itself.
    private sealed class TorchException(string message) : ExternalException(message);
}
