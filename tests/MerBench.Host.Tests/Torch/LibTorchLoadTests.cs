using CliWrap.Buffered;
using MerBench.Host;
using MerBench.Host.Torch;
using MerBench.Tests.Data;

namespace MerBench.Tests.Native;

public sealed class LibTorchLoadTests
{
    [Test]
    public async Task The_bundled_one_computes_gradients()
    {
        BufferedCommandResult result = await TorchProbe.Load();
        Assert.That(result.StandardOutput, Does.StartWith("Bundled 2.10.").And.Contain("gradient 54"), result.StandardError);
        if (OperatingSystem.IsLinux())
            Assert.That(Loaded(result), Is.EqualTo(new[] { Path.Combine(TorchProbe.Bundled, "libtorch_cpu.so") }));
    }

    [Test]
    public async Task A_named_one_computes_gradients_and_the_bundled_one_stays_out_of_the_process()
    {
        BufferedCommandResult result = await TorchProbe.Load(option: TorchProbe.Other);
        Assert.That(result.StandardOutput, Does.StartWith("Option 2.10.").And.Contain("gradient 54"), result.StandardError);
        if (OperatingSystem.IsLinux())
            Assert.That(Loaded(result), Is.EqualTo(new[] { Path.Combine(TorchProbe.Other, "libtorch_cpu.so") }));
    }

    [TestCase("2.9.1", "is libtorch version 2.9.1, but MerBench needs 2.10.x.")]
    [TestCase("3.10.0", "is libtorch version 3.10.0, but MerBench needs 2.10.x.")]
    [TestCase(null, "is libtorch older than 2.9, but MerBench needs 2.10.x.")]
    [Platform("Linux")]
    public async Task Another_version_is_refused_with_both_versions(string? version, string message)
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, version is null ? null : Version.Parse(version));
        Assert.That(
            await Refusal(folder.Path),
            Does.StartWith($"--libtorch {folder.Path} {message}").And.Contain("pip install 'torch==2.10.*'")
        );
    }

    [Test]
    [Platform("Linux")]
    public async Task One_that_lacks_what_the_shim_calls_is_refused_with_a_symbol()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, new Version(2, 10, 0));
        Assert.That(
            await Refusal(folder.Path),
            Does.Contain("libLibTorchSharp.so failed. It lacks a symbol (_Z").And.Contain("libtorch 2.10.x (cxx11 ABI)")
        );
    }

    [Test]
    [Platform("Linux")]
    public async Task A_shim_built_for_another_libtorch_is_refused_with_the_function_that_is_missing()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, new Version(2, 11, 0));
        SmallLibrary.Write(LibTorchFolders.PathOf(folder.Path, "LibTorchSharp"), calls: "at_some_function");
        Assert.That(
            await Refusal(folder.Path),
            Does.StartWith(
                $"{LibTorchFolders.PathOf(folder.Path, "LibTorchSharp")} (beside the named libtorch) does not fit --libtorch "
                    + $"{folder.Path}, libtorch 2.11.0: it calls at_some_function, which this libtorch lacks"
            )
        );
    }

    [Test]
    [Platform("Linux")]
    public async Task A_shim_of_another_TorchSharp_is_refused_with_the_functions_that_it_lacks()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Link(folder.Path);
        SmallLibrary.Write(folder.File("mine.so"), "THSTensor_add");
        BufferedCommandResult result = await TorchProbe.Load(option: folder.Path, shim: folder.File("mine.so"));
        Assert.That(result.ExitCode, Is.EqualTo(4));
        Assert.That(
            result.StandardError,
            Does.StartWith($"{folder.File("mine.so")} (named by MERBENCH_LIBTORCHSHARP) lacks 11")
                .And.Contain(" function(s) that TorchSharp 0.107.0 calls, such as ")
        );
    }

    [Test]
    [Platform("Linux")]
    public async Task A_shim_that_the_user_names_is_used_and_a_name_of_no_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.File("libLibTorchSharp.so");
        File.Copy(Path.Combine(TorchProbe.Bundled, "libLibTorchSharp.so"), copy);
        BufferedCommandResult result = await TorchProbe.Load(shim: copy);
        Assert.That(result.StandardOutput, Does.Contain("gradient 54"), result.StandardError);
        Assert.That(
            result.StandardOutput.Split('\n').Where(l => l.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal)),
            Is.EqualTo(new[] { copy })
        );
        BufferedCommandResult absent = await TorchProbe.Load(shim: "/nowhere.so");
        Assert.That(absent.StandardError, Does.StartWith("The environment variable MERBENCH_LIBTORCHSHARP=/nowhere.so names no file."));
    }

    // The second length ends behind the table of sections, where PyTorch's libraries still have segments.
    [TestCase(1000)]
    [TestCase(8000)]
    [Platform("Linux")]
    public async Task A_library_that_is_cut_off_does_not_end_the_process(int length)
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Link(folder.Path);
        LibTorchFolders.CutOff(folder.Path, "torch_global_deps", length);
        Assert.That(
            await Refusal(folder.Path),
            Does.Contain($"--libtorch {folder.Path}: libtorch_global_deps.so is cut off. Download or copy it again.")
        );
    }

    [Test]
    [Platform("Linux")]
    public async Task A_library_that_needs_a_missing_one_names_it()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, null);
        SmallLibrary.Write(LibTorchFolders.PathOf(folder.Path, "c10"), needs: "libcudart.so.99");
        Assert.That(
            await Refusal(folder.Path),
            Does.Contain("libc10.so failed. libcudart.so.99 is missing, a part of CUDA").And.Contain("use a libtorch for CPU")
        );
    }

    [Test]
    [Platform("Linux")]
    public async Task A_library_for_another_processor_is_not_called_missing()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, null);
        SmallLibrary.Write(LibTorchFolders.PathOf(folder.Path, "c10"), isForArm: true);
        Assert.That(await Refusal(folder.Path), Does.Contain("libc10.so failed.").And.Contain("built for another processor"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_web_page_saved_as_a_library_is_refused()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, null);
        File.WriteAllText(LibTorchFolders.PathOf(folder.Path, "c10"), "<html>" + new string(' ', 100));
        Assert.That(await Refusal(folder.Path), Does.Contain("libc10.so failed.").And.Contain("Install it again, for this system."));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_library_that_cannot_be_read_is_named()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, null);
        using var held = new FileStream(LibTorchFolders.PathOf(folder.Path, "c10"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.That(await Refusal(folder.Path), Does.Contain($"--libtorch {folder.Path}: libc10.so cannot be read."));
    }

    [Test]
    public void A_second_libtorch_is_refused_where_NET_would_load_the_applications_own()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, null);
        var error = Assert.Throws<UserErrorException>(() =>
            LibTorchLoader.Load(new LibTorchFolder(folder.Path, LibTorchOrigin.Option), new ShimLibrary(ShimLibrary.OwnPath!, null))
        )!;
        Assert.That(error.Message, Does.StartWith($"--libtorch {folder.Path} cannot be used by this build").And.Contain(TorchProbe.Other));
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
    }

    private static IEnumerable<string> Loaded(BufferedCommandResult result) =>
        result
            .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Where(l => l.Contains("libtorch_cpu", StringComparison.Ordinal));

    private static async Task<string> Refusal(string folder)
    {
        BufferedCommandResult result = await TorchProbe.Load(option: folder);
        Assert.That((result.ExitCode, result.StandardOutput), Is.EqualTo((4, "")), result.StandardError);
        return result.StandardError;
    }
}
