using System.Reflection;
using System.Runtime.InteropServices;

namespace MerBench.Tests.NativeMend;

/// <summary>The library that the build mended and put into this very test's output.</summary>
[Platform("Linux")]
public sealed class MendedShimTests
{
    private static readonly string Natives = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    private static string Mended => Path.Combine(Natives, "libLibTorchSharp.so");

    [Test]
    public void It_differs_from_the_packages_library_in_exactly_one_flag()
    {
        string original = typeof(MendedShimTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "OriginalShim")
            .Value!;
        byte[] before = File.ReadAllBytes(original),
            after = File.ReadAllBytes(Mended);
        Assert.That(after, Has.Length.EqualTo(before.Length));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        Assert.That(changed, Has.Count.EqualTo(1));
        Assert.That(after[changed[0]], Is.EqualTo(before[changed[0]] | 2));
    }

    [Test]
    public void It_loads_after_libtorch()
    {
        NativeLibrary.Load(Path.Combine(Natives, "libtorch.so"));
        nint shim = NativeLibrary.Load(Mended);
        Assert.That(NativeLibrary.GetExport(shim, "THSTorch_manual_seed"), Is.Not.Zero);
    }
}
