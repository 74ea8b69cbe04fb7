using System.IO.Compression;
using MerBench.Host.IO;

namespace MerBench.Tests;

/// <summary>The packages of all platforms, by one command. Whether they start is for a machine of the platform.</summary>
[Category("Slow")]
[Explicit("Downloads libtorch and .NET for the other platforms, 300 MB, and takes minutes.")]
public sealed class PlatformPackagesTests
{
    private string _packages = "";

    [OneTimeSetUp]
    public async Task Pack()
    {
        _packages = Directory.CreateTempSubdirectory("merbench-platforms-").FullName;
        await PackedTool.DotNet(
            _packages,
            new Dictionary<string, string?>(StringComparer.Ordinal),
            "pack",
            Path.Combine(MerBenchTool.Repository, "tool"),
            "-c",
            MerBenchTool.Configuration,
            "-o",
            _packages,
            "-p:AllPlatforms=true",
            "-nodeReuse:false"
        );
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_packages, recursive: true);

    [TestCase("linux-x64", "libtorch/libtorch_cpu.so libtorch/libLibTorchSharp.so libduckdb.so libSkiaSharp.so")]
    [TestCase("linux-arm64", "libduckdb.so libSkiaSharp.so")]
    [TestCase("win-x64", "libtorch/torch_cpu.dll libtorch/LibTorchSharp.dll duckdb.dll libSkiaSharp.dll")]
    [TestCase("osx-arm64", "libtorch/libtorch_cpu.dylib libtorch/libLibTorchSharp.dylib libduckdb.dylib libSkiaSharp.dylib")]
    public void A_package_holds_the_natives_of_its_platform_alone_and_is_small(string platform, string natives)
    {
        string package = Find(platform),
            unpacked = Directory.CreateDirectory(Path.Combine(_packages, platform)).FullName;
        Assert.That(new FileInfo(package).Length, Is.LessThanOrEqualTo(PackageTests.MostBytes));
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] files = [.. archive.Entries.Select(e => e.FullName)];
        Assert.That(
            files.Where(f => f.Contains("/runtimes/", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Contains($"/runtimes/{platform}/"),
            "OnnxRuntime's lie with their plugin"
        );
        string packed = Path.Combine(_packages, $"{platform}.tar.br");
        archive.Entries.Single(e => e.Name == NativeArchive.FileName).ExtractToFile(packed);
        NativeArchive.Unpack(packed, unpacked);
        string[] found =
        [
            .. Directory
                .EnumerateFiles(unpacked, "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(unpacked, f).Replace('\\', '/')),
        ];
        Assert.That(natives.Split(' '), Is.SubsetOf(found));
        Assert.That(found.Any(f => f.StartsWith("libtorch/", StringComparison.Ordinal)), Is.EqualTo(natives.Contains("libtorch/")));
    }

    [Test]
    public void The_package_for_all_others_has_no_libtorch_and_the_natives_of_platforms_without_a_package()
    {
        string package = Find("any");
        Assert.That(new FileInfo(package).Length, Is.LessThanOrEqualTo(PackageTests.MostBytes));
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] files = [.. archive.Entries.Select(e => e.FullName)];
        Assert.That(files, Has.None.Contains("torch_cpu").And.None.Contains("LibTorchSharp"));
        Assert.That(files, Has.Some.EndsWith("runtimes/osx/native/libduckdb.dylib"));
        Assert.That(files, Has.Some.EndsWith("runtimes/win-arm64/native/duckdb.dll"));
    }

    private string Find(string platform) => Directory.GetFiles(_packages, $"dotnet-merbench.{platform}.*.nupkg").Single();
}
