using System.Diagnostics;
using System.Reflection;

namespace MerBench.Tests.NativeMend;

/// <summary>The output folder of these tests, which a build of this repository filled like any other.</summary>
[Platform("Linux")]
public sealed class OutputFolderTests
{
    private static readonly string s_libTorch = Path.Combine("runtimes", "linux-x64", "native", "libtorch_cpu.so");

    // The compiler rewrites obj/X.dll in place: a program that runs from a link of it would die of the next build.
    [Test]
    public void Assemblies_are_copies()
    {
        string[] assemblies = [.. Directory.GetFiles(AppContext.BaseDirectory, "*.dll")];
        Assert.That(assemblies.Select(Path.GetFileName), Does.Contain("MerBench.NativeMend.Tests.dll").And.Contain("nunit.framework.dll"));
        Assert.That(
            assemblies.Where(a => Describe("%h", a) != "1"),
            Is.Empty,
            "Links that an earlier build made stay: delete bin and obj once."
        );
    }

    [Test]
    public void Libtorch_is_a_link_of_the_packages_file()
    {
        IEnumerable<AssemblyMetadataAttribute> metadata =
            typeof(OutputFolderTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>();
        string package = Path.Combine(metadata.Single(a => a.Key == "LibTorchPackage").Value!, s_libTorch);
        string output = Path.Combine(AppContext.BaseDirectory, s_libTorch);
        if (Describe("%d", package) != Describe("%d", output))
            Assert.Ignore("The packages lie on another disk, to which there are no links.");
        Assert.That(Describe("%i", output), Is.EqualTo(Describe("%i", package)));
    }

    /// <param name="format">What of it: <c>%h</c> the number of links, <c>%d</c> the disk, <c>%i</c> the file on it.</param>
    private static string Describe(string format, string path)
    {
        var start = new ProcessStartInfo("stat", ["--dereference", "--format", format, path])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process stat = Process.Start(start)!;
        string answer = stat.StandardOutput.ReadToEnd().Trim();
        stat.WaitForExit();
        Assert.That(stat.ExitCode, Is.Zero);
        return answer;
    }
}
