using MerBench.Host.Data;
using MerBench.Host.Diagnosis;
using MerBench.Host.Plugins;
using MerBench.Host.Torch;
using MerBench.Tests.Data;
using MerBench.Tests.Native;
using MerBench.Tests.Plugins;

namespace MerBench.Tests.Diagnosis;

public sealed class DoctorTests
{
    private static readonly Examination s_healthy = new(
        null,
        "cpu",
        1,
        Path.GetTempPath(),
        () => new DecoderInfo("/usr/bin/ffmpeg", "7.1"),
        () => FixturePlugins.Discover("Fixture.Good")
    );

    [Test]
    public void A_healthy_machine_has_no_problem_and_every_area_is_looked_at()
    {
        IReadOnlyList<Finding> findings = Doctor.Examine(s_healthy);
        Assert.That(findings.Where(f => f.Status == FindingStatus.Problem), Is.Empty);
        Assert.That(
            findings.Select(f => f.Area).Distinct(),
            Is.EqualTo(new[] { "runtime", "libtorch", "arithmetic", "device", "threads", "decoder", "plugins", "cache" })
        );
        Assert.That(Of("libtorch", s_healthy)[0].What, Is.EqualTo($"2.10.0, the bundled libtorch in {TorchProbe.Other}"));
        Assert.That(Of("device", s_healthy)[0].What, Does.StartWith("cpu ("));
        Assert.That(Of("threads", s_healthy)[0].What, Is.EqualTo($"1 for {Environment.ProcessorCount} core(s)"));
        Assert.That(Of("decoder", s_healthy)[0].What, Is.EqualTo("ffmpeg 7.1, /usr/bin/ffmpeg"));
        Assert.That(Of("plugins", s_healthy)[0].What, Is.EqualTo("1 attack, 1 metric"));
    }

    [Test]
    public void Every_finding_that_is_not_well_says_what_to_do_and_none_that_is_does()
    {
        var ill = new Examination(
            "/no/such/folder",
            "tpu",
            0,
            "/proc/cache",
            NoDecoder,
            () => FixturePlugins.Discover("Fixture.BadClasses")
        );
        foreach (
            Finding finding in Doctor.Examine(ill).Concat(Doctor.Examine(ill with { LibTorch = null })).Concat(Doctor.Examine(s_healthy))
        )
            Assert.That(finding.Advice.Length == 0, Is.EqualTo(finding.Status == FindingStatus.Ok), finding.ToString());
    }

    [Test]
    public void A_libtorch_that_is_not_there_is_a_problem_that_names_its_folder()
    {
        Finding finding = Of("libtorch", s_healthy with { LibTorch = "/no/such/folder" })[0];
        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Problem));
        Assert.That(finding.Advice, Does.StartWith("--libtorch /no/such/folder names a folder that does not exist."));
        Assert.That(Of("device", s_healthy with { LibTorch = "/no/such/folder" }), Is.Empty);
    }

    [Test]
    [Platform("Linux")]
    public void The_mend_of_the_shim_is_reported() =>
        Assert.That(
            Of("libtorch", s_healthy)[1],
            Is.EqualTo(new Finding("libtorch", FindingStatus.Ok, "libLibTorchSharp.so is mended: it does without GLIBCXX_3.4.32"))
        );

    [Test]
    public void A_wrong_device_is_a_problem_of_the_device_alone()
    {
        Finding finding = Of("device", s_healthy with { Device = "tpu" }).Single();
        Assert.That((finding.Status, finding.What), Is.EqualTo((FindingStatus.Problem, "'tpu' cannot be used")));
        Assert.That(finding.Advice, Does.Contain("expected auto, cpu, cuda, cuda:N"));
        Assert.That(Of("threads", s_healthy with { Device = "tpu" }), Is.Empty);
    }

    [Test]
    public void A_wrong_number_of_threads_is_no_problem_of_the_device()
    {
        Examination subject = s_healthy with { Threads = 0 };
        Assert.That(Of("device", subject).Single().Status, Is.EqualTo(FindingStatus.Ok));
        Finding finding = Of("threads", subject).Single();
        Assert.That(
            (finding.Status, finding.Advice),
            Is.EqualTo((FindingStatus.Problem, "--threads 0 is not a number of threads: expected at least 1."))
        );
    }

    [Test]
    public void More_threads_than_cores_are_a_warning()
    {
        Finding finding = Of("threads", s_healthy with { Threads = Environment.ProcessorCount + 1 }).Single();
        Assert.That(
            (finding.Status, finding.Advice),
            Is.EqualTo(
                (FindingStatus.Warning, $"More threads than cores slow torch down: lower --threads or {TorchBackend.ThreadsVariable}.")
            )
        );
    }

    [Test]
    public void Without_a_decoder_only_datasets_of_files_are_lost()
    {
        Finding finding = Of("decoder", s_healthy with { Decoder = NoDecoder }).Single();
        Assert.That(finding.Status, Is.EqualTo(FindingStatus.Warning));
        Assert.That(finding.Advice, Does.Contain("apt install ffmpeg").And.Contain("MERBENCH_FFMPEG"));
    }

    [Test]
    public void Plugins_that_cannot_be_used_are_listed_with_their_reasons_beside_those_that_can()
    {
        IReadOnlyList<Finding> findings = Of(
            "plugins",
            s_healthy with
            {
                Plugins = () => FixturePlugins.Discover("Fixture.Good", "Fixture.AnotherMajor"),
            }
        );
        Assert.That(findings.Select(f => f.Status), Is.EqualTo(new[] { FindingStatus.Ok, FindingStatus.Warning }));
        Assert.That(findings[1].What, Does.Contain(FixturePlugins.Assembly("Fixture.AnotherMajor")));
        Assert.That(findings[1].Advice, Does.Contain("built against contract 2.0, host has 1.6"));
    }

    [Test]
    public void No_plugin_at_all_or_a_named_one_that_is_not_there_is_a_problem()
    {
        Assert.That(
            Of("plugins", s_healthy with { Plugins = () => new PluginCatalog([]) }).Single().Status,
            Is.EqualTo(FindingStatus.Problem)
        );
        Finding missing = Of(
                "plugins",
                s_healthy with
                {
                    Plugins = () => PluginDiscovery.Discover(new PluginFolders(null, ["typo.dll"], null, null)),
                }
            )
            .Single();
        Assert.That(missing.Status, Is.EqualTo(FindingStatus.Problem));
        Assert.That(missing.Advice, Does.StartWith("--plugin typo.dll: "));
    }

    [Test]
    public void A_cache_folder_need_not_exist_and_is_not_made()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<Finding> findings = Of("cache", s_healthy with { CacheFolder = folder.File("a/b") });
        Assert.That(
            findings[0],
            Is.EqualTo(new Finding("cache", FindingStatus.Ok, $"{Path.GetFullPath(folder.File("a/b"))} (to be made) can be written"))
        );
        Assert.That(findings[1].What, Does.EndWith("GiB free on its disk"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    [Test]
    public void A_cache_folder_that_cannot_be_written_is_a_problem()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        string[] unusable = OperatingSystem.IsLinux()
            ? [folder.File("file"), folder.File("file/cache"), "/proc/cache"]
            : [folder.File("file"), folder.File("file/cache")];
        foreach (string path in unusable)
        {
            Finding finding = Of("cache", s_healthy with { CacheFolder = path }).Single();
            Assert.That(finding.Status, Is.EqualTo(FindingStatus.Problem), path);
            Assert.That(finding.Advice, Is.EqualTo("Name another folder by --cache or MERBENCH_CACHE."));
        }
    }

    [Test]
    [Platform("Linux")]
    public void A_damaged_shim_is_a_problem_and_no_crash()
    {
        using var folder = new TemporaryFolder();
        byte[] shim = File.ReadAllBytes(ShimLibrary.OwnPath!);
        Assert.That(TorchCheck.Shim(ShimLibrary.OwnPath!).Status, Is.EqualTo(FindingStatus.Ok));
        shim.AsSpan(0x28, 8).Fill(0x7f); // where the section table is said to begin
        File.WriteAllBytes(folder.File("libLibTorchSharp.so"), shim);
        Finding finding = TorchCheck.Shim(folder.File("libLibTorchSharp.so"));
        Assert.That((finding.Status, finding.Advice), Is.EqualTo((FindingStatus.Problem, "Install MerBench again.")));
    }

    [Test]
    public void GPUs_that_are_not_used_are_explained()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("gpus/0000:65:00.0"));
        File.WriteAllText(
            folder.File("version"),
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun Jul 27 07:09:42 UTC 2025\nGCC version:  gcc version 12.2.0\n"
        );
        File.WriteAllText(folder.File("gpus/0000:65:00.0/information"), "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 0\n");
        NvidiaDriver driver = NvidiaDriver.Read(folder.Path),
            none = NvidiaDriver.Read(folder.File("nowhere"));
        var cpu = new LibTorchFolder(folder.Path, LibTorchOrigin.Option);
        Assert.That(TorchCheck.Gpus(none, cpu, 0), Is.Empty);
        Finding unused = TorchCheck.Gpus(driver, cpu, 0).Single();
        Assert.That(unused.What, Is.EqualTo("NVIDIA H100 80GB HBM3 with driver 580.65.06 is not used: this libtorch is built for CPU"));
        Assert.That(
            (unused.Status, unused.Advice),
            Is.EqualTo(
                (
                    FindingStatus.Warning,
                    "Install PyTorch 2.10.x for CUDA and name its folder torch/lib by --libtorch or MERBENCH_LIBTORCH (docs/gpu.md)."
                )
            )
        );
        File.WriteAllText(cpu.PathOf("torch_cuda"), "");
        Assert.That(
            TorchCheck.Gpus(driver, cpu, 1).Single(),
            Is.EqualTo(new Finding("device", FindingStatus.Ok, "NVIDIA H100 80GB HBM3, driver 580.65.06"))
        );
        Assert.That(TorchCheck.Gpus(driver, cpu, 0).Single().Advice, Does.Contain("CUDA 13 needs 580"));
        Assert.That(
            TorchCheck.Gpus(none, cpu, 0).Single().What,
            Is.EqualTo("this libtorch is built for CUDA, and there is no NVIDIA driver")
        );
    }

    private static DecoderInfo NoDecoder()
    {
        DecoderInfo found = new FfmpegDecoder(() => FfmpegLocation.Find(_ => null)).Probe();
        return new DecoderInfo(found.Path, found.Version);
    }

    private static List<Finding> Of(string area, Examination subject) => [.. Doctor.Examine(subject).Where(f => f.Area == area)];
}
