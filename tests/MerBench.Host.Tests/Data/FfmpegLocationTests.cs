using MerBench.Host;
using MerBench.Host.Data;

namespace MerBench.Tests.Data;

public sealed class FfmpegLocationTests
{
    private static readonly string s_program = OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    [Test]
    public void Without_ffmpeg_the_message_says_how_to_install_it_on_every_system()
    {
        var error = Assert.Throws<UserErrorException>(() => FfmpegLocation.Find(_ => null))!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
        Assert.That(
            error.Message,
            Does.Contain("apt install ffmpeg")
                .And.Contain("brew install ffmpeg")
                .And.Contain("winget install")
                .And.Contain("MERBENCH_FFMPEG")
        );
    }

    [Test]
    public void The_first_folder_of_the_search_path_that_has_it_wins()
    {
        using TemporaryFolder empty = new(),
            first = new(),
            second = new();
        File.WriteAllText(first.File(s_program), "");
        File.WriteAllText(second.File(s_program), "");
        string path = string.Join(Path.PathSeparator, empty.Path, first.Path, second.Path);
        Assert.That(FfmpegLocation.Find(name => name == "PATH" ? path : null), Is.EqualTo(first.File(s_program)));
    }

    [Test]
    public void The_variable_goes_before_the_search_path()
    {
        using TemporaryFolder chosen = new(),
            onPath = new();
        File.WriteAllText(chosen.File("my-ffmpeg"), "");
        File.WriteAllText(onPath.File(s_program), "");
        Assert.That(
            FfmpegLocation.Find(name => name == "PATH" ? onPath.Path : chosen.File("my-ffmpeg")),
            Is.EqualTo(chosen.File("my-ffmpeg"))
        );
    }

    [Test]
    public void A_variable_that_names_no_file_is_an_error_and_not_passed_over()
    {
        var error = Assert.Throws<UserErrorException>(() =>
            FfmpegLocation.Find(name => name == "MERBENCH_FFMPEG" ? "/nowhere/ffmpeg" : null)
        )!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
        Assert.That(error.Message, Does.Contain("/nowhere/ffmpeg"));
    }

    [Test]
    public void A_program_that_is_not_ffmpeg_is_named()
    {
        if (!File.Exists("/bin/true"))
            Assert.Ignore("This machine has no /bin/true.");
        var error = Assert.Throws<UserErrorException>(() => new FfmpegDecoder(() => "/bin/true").Probe())!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
        Assert.That(error.Message, Does.Contain("/bin/true"));
    }

    [Test]
    public void A_file_that_does_not_start_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("ffmpeg"), "not a program");
        var error = Assert.Throws<UserErrorException>(() => new FfmpegDecoder(() => folder.File("ffmpeg")).Probe())!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
        Assert.That(error.Message, Does.Contain(folder.File("ffmpeg")));
    }
}
