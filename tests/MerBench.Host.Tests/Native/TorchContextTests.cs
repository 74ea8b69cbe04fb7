using System.Runtime.InteropServices;
using CliWrap.Buffered;
using MerBench.Host.Native;
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
        TorchBackend.Select(null).EnsureLoaded();
        Assert.That(IsOn("_ZNK2at7Context17userEnabledMkldnnEv"), Is.True);
        Assert.That(TorchContext.DisableOneDnn(), Is.True);
        Assert.That(IsOn("_ZNK2at7Context17userEnabledMkldnnEv"), Is.False);
        Assert.That(TorchContext.EnableOneDnn(), Is.True);
        Assert.That(IsOn("_ZNK2at7Context17userEnabledMkldnnEv"), Is.True);
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
        nint context = Marshal.GetDelegateForFunctionPointer<GetContext>(NativeLibrary.GetExport(LibTorchLoader.TorchCpu, "_ZN2at13globalContextEv"))();
        return Marshal.GetDelegateForFunctionPointer<GetSwitch>(NativeLibrary.GetExport(LibTorchLoader.TorchCpu, getter))(context) != 0;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint GetContext();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate byte GetSwitch(nint context);
}
