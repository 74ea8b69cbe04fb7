using CliWrap.Buffered;
using MerBench.Tests.Data;

namespace MerBench.Tests.Native;

public sealed class LibTorchChoiceTests
{
    [Test]
    public async Task Without_a_word_from_the_user_it_is_the_one_beside_the_application() =>
        Assert.That(await Chosen(), Is.EqualTo($"Bundled {TorchProbe.Bundled}"));

    [Test]
    public async Task The_variable_goes_before_the_bundled_one_and_the_option_before_the_variable()
    {
        using TemporaryFolder option = new(),
            variable = new();
        LibTorchFolders.Pretend(option.Path, null);
        LibTorchFolders.Pretend(variable.Path, null);
        Assert.That(await Chosen(variable: variable.Path), Is.EqualTo($"Environment {variable.Path}"));
        Assert.That(await Chosen(option.Path, variable.Path), Is.EqualTo($"Option {option.Path}"));
        Assert.That(await Chosen(option.Path, "/nowhere"), Is.EqualTo($"Option {option.Path}"));
    }

    [Test]
    public async Task The_folder_of_PyTorch_may_be_named_instead_of_lib_inside_it()
    {
        using var torch = new TemporaryFolder();
        string lib = Directory.CreateDirectory(torch.File("lib")).FullName;
        LibTorchFolders.Pretend(lib, null);
        Assert.That(await Chosen(torch.Path), Is.EqualTo($"Option {lib}"));
        Assert.That(await Chosen(lib + Path.DirectorySeparatorChar), Is.EqualTo($"Option {lib}"));
    }

    [TestCase(true, "--libtorch /no/such/folder names a folder that does not exist.", "leave the option out")]
    [TestCase(
        false,
        "The environment variable MERBENCH_LIBTORCH=/no/such/folder names a folder that does not exist.",
        "clear the variable"
    )]
    public async Task A_folder_that_does_not_exist_is_named_with_who_named_it(bool isOption, string wrong, string mend)
    {
        BufferedCommandResult result = await (
            isOption ? TorchProbe.Select("/no/such/folder") : TorchProbe.Select(variable: "/no/such/folder")
        );
        Assert.That(result.StandardError, Does.StartWith(wrong).And.Contain("site-packages/torch/lib").And.Contain(mend));
        Assert.That(result.ExitCode, Is.EqualTo(4));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_folder_that_lacks_libraries_is_told_which()
    {
        using var folder = new TemporaryFolder();
        LibTorchFolders.Pretend(folder.Path, null);
        File.Delete(folder.File("libtorch_cpu.so"));
        File.Delete(folder.File("libc10.so"));
        BufferedCommandResult result = await TorchProbe.Select(folder.Path);
        Assert.That(result.StandardError, Does.StartWith($"--libtorch {folder.Path} has no libc10.so, libtorch_cpu.so in it."));
        Assert.That(result.ExitCode, Is.EqualTo(4));
    }

    [Test]
    public async Task An_application_without_one_says_how_to_name_one()
    {
        using var copy = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(TorchProbe.Program)!))
            File.Copy(file, copy.File(Path.GetFileName(file)));
        CopyRuntimes(Path.Combine(Path.GetDirectoryName(TorchProbe.Program)!, "runtimes"), copy.File("runtimes"));
        BufferedCommandResult result = await TorchProbe.Run(copy.File(Path.GetFileName(TorchProbe.Program)), "cpu");
        Assert.That(
            result.StandardError,
            Does.StartWith("No libtorch comes with this build for")
                .And.Contain("PyTorch 2.10.x")
                .And.Contain("--libtorch")
                .And.Contain("MERBENCH_LIBTORCH")
        );
        Assert.That(result.ExitCode, Is.EqualTo(4));
    }

    private static void CopyRuntimes(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static async Task<string> Chosen(string? option = null, string? variable = null)
    {
        BufferedCommandResult result = await TorchProbe.Select(option, variable);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        return result.StandardOutput.Trim();
    }
}
