using MerBench.Host.Storage;
using MerBench.Host.Torch;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Tests GPUs against float64 on the CPU, once for each GPU, driver and libtorch. What a GPU computes wrongly cannot be set right here.
/// </summary>
internal static class GpuArithmetic
{
    /// <exception cref="UserErrorException">A GPU computes wrongly (<see cref="ErrorKind.Environment"/>).</exception>
    public static void Require(TorchBackend backend, IReadOnlyList<TorchDevice> devices, StoreFolder store)
    {
        foreach (TorchDevice device in devices.Where(d => d.Type != "cpu"))
            Require(backend, device, store);
    }

    private static void Require(TorchBackend backend, TorchDevice device, StoreFolder store)
    {
        ArithmeticVerdict verdict = Find(backend, device, store);
        if (verdict.Choose(inWholeBlocks: false) is not null)
            return;
        throw new UserErrorException(
            $"{device.Name} computes wrongly: {verdict.Tries[0].Describe()}. Use another GPU, another driver or libtorch, or --device cpu.",
            ErrorKind.Environment
        );
    }

    /// <summary>The verdict on a GPU, kept in the store.</summary>
    public static ArithmeticVerdict Find(TorchBackend backend, TorchDevice device, StoreFolder store)
    {
        NvidiaDriver driver = NvidiaDriver.Read();
        string host = ArithmeticStore.Identify(backend.Folder!.PathOf("torch_cpu"));
        string machine = string.Join('\n', [host, driver.Version ?? "", .. driver.Gpus, device.Name]);
        var verdicts = new ArithmeticStore(store);
        if (verdicts.Find(machine) is not { } verdict)
        {
            verdict = Test(device);
            verdicts.Keep(machine, verdict);
        }

        return verdict;
    }

    internal static ArithmeticVerdict Test(TorchDevice device)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        ArithmeticFindings findings = ArithmeticTest.Run(Operations.List(withBFloat16: true), device.Device, device.Threads);
        return new ArithmeticVerdict([new ArithmeticTry(device.Name, findings, null)]);
    }
}
