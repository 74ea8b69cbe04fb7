using System.Runtime.InteropServices;
using CliWrap.Buffered;
using MerBench.Host.Torch;
using MerBench.Tests.Data;

namespace MerBench.Tests.Native;

[Platform("Linux")]
public sealed class TorchContextTests
{
    [Test]
    public void Nnpack_is_off_once_libtorch_is_loaded()
    {
        TorchBackend.Select(null).EnsureLoaded();
        Assert.That(IsOn("_ZNK2at7Context17userEnabledNNPACKEv"), Is.False);
    }

    [Test]
    [NonParallelizable]
    public void One_dnn_can_be_switched_off_and_on()
    {
        const string oneDnn = "_ZNK2at7Context17userEnabledMkldnnEv";
        TorchBackend.Select(null).EnsureLoaded();
        bool before = IsOn(oneDnn);
        Assert.That((TorchContext.DisableOneDnn(), IsOn(oneDnn)), Is.EqualTo((true, false)));
        Assert.That((TorchContext.EnableOneDnn(), IsOn(oneDnn)), Is.EqualTo((true, true)));
        if (!before)
            TorchContext.DisableOneDnn();
    }

    [Test]
    public async Task Convolutions_print_no_warnings_on_a_processor_that_nnpack_does_not_know()
    {
        const ulong unsupportedHardware = 51;
        using var folder = new TemporaryFolder();
        string nnpack = folder.File("libnnpack.so");
        SmallLibrary.Write(nnpack, "nnp_initialize", unsupportedHardware);
        BufferedCommandResult result = await TorchProbe.ConvolveWithoutOneDnn(nnpack);
        Assert.That((result.ExitCode, result.StandardOutput.TrimEnd(), result.StandardError), Is.EqualTo((0, "without oneDNN", "")));
    }

    private static bool IsOn(string getter)
    {
        nint context = Function<GetContext>("_ZN2at13globalContextEv")();
        return Function<GetSwitch>(getter)(context) != 0;
    }

    private static T Function<T>(string name) =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(LibTorchLoader.TorchCpu, name));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint GetContext();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate byte GetSwitch(nint context);
}
