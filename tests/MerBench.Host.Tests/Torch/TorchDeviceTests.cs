using CliWrap.Buffered;
using MerBench.Host;
using MerBench.Host.Torch;
using MerBench.Tests.Data;

namespace MerBench.Tests.Native;

public sealed class TorchDeviceTests
{
    [TestCase("cpu")]
    [TestCase("auto")]
    public async Task Without_a_GPU_the_device_is_the_CPU(string device) =>
        Assert.That((await TorchProbe.Load(device)).StandardOutput, Does.Contain(" cpu "));

    [TestCase("cuda")]
    [TestCase("cuda:1")]
    public async Task CUDA_with_a_libtorch_for_CPU_asks_for_another(string device) =>
        AssertFails(
            await TorchProbe.Load(device),
            4,
            $"The device '{device}' is not available: the bundled libtorch in {TorchProbe.Bundled} is built for CPU: name a libtorch "
                + $"with CUDA by --libtorch or MERBENCH_LIBTORCH."
        );

    [Test]
    [Platform("Linux")]
    public async Task CUDA_with_a_libtorch_for_it_that_finds_no_GPU_asks_for_the_driver()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Link(folder.Path);
        SmallLibrary.Write(LibTorchFolders.PathOf(folder.Path, "torch_cuda"));
        AssertFails(
            await TorchProbe.Load("cuda", folder.Path),
            4,
            "The device 'cuda' is not available: its libtorch is built for CUDA, but finds no GPU: check the NVIDIA driver with nvidia-smi."
        );
    }

    [TestCase("tpu")]
    [TestCase("CPU")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    public async Task What_is_no_device_is_an_error_of_input(string device) =>
        AssertFails(await TorchProbe.Load(device), 3, $"'{device}' is not a device: expected auto, cpu, cuda, cuda:N");

    [Test]
    public async Task The_variable_sets_the_number_of_threads()
    {
        Assert.That((await TorchProbe.Load(threads: "1")).StandardOutput, Does.Contain(" 1 threads"));
        Assert.That((await TorchProbe.Load(threads: "3")).StandardOutput, Does.Contain(" 3 threads"));
    }

    [Test]
    public async Task Without_it_no_core_has_more_than_one_thread()
    {
        string output = (await TorchProbe.Load()).StandardOutput;
        int threads = int.Parse(output.Split(' ')[3], System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(threads, Is.InRange(1, Environment.ProcessorCount), output);
    }

    [TestCase("0")]
    [TestCase("-2")]
    [TestCase("two")]
    [TestCase("1.5")]
    public async Task A_number_of_threads_that_is_none_is_an_error_of_input(string threads) =>
        AssertFails(
            await TorchProbe.Load(threads: threads),
            3,
            $"The environment variable MERBENCH_THREADS is '{threads}': expected a whole number of at least 1."
        );

    [Test]
    public void The_option_for_threads_goes_before_the_variable_and_must_be_at_least_one()
    {
        Assert.That(TorchBackend.ThreadsFrom(5), Is.EqualTo(5));
        var error = Assert.Throws<UserErrorException>(() => TorchBackend.ThreadsFrom(0))!;
        Assert.That(
            (error.Kind, error.Message),
            Is.EqualTo((ErrorKind.Input, "--threads 0 is not a number of threads: expected at least 1."))
        );
    }

    private static void AssertFails(BufferedCommandResult result, int exitCode, string message)
    {
        Assert.That(result.StandardError, Does.StartWith(message));
        Assert.That((result.ExitCode, result.StandardOutput), Is.EqualTo((exitCode, "")));
    }
}
