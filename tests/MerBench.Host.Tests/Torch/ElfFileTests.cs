using MerBench.Host.Torch;
using MerBench.Tests.Data;

namespace MerBench.Tests.Native;

[Platform("Linux")]
public sealed class ElfFileTests
{
    [Test]
    public void Whole_libraries_are_whole() => Assert.That(Directory.GetFiles(TorchProbe.Other).Where(ElfFile.IsCutOff), Is.Empty);

    [Test]
    public void A_library_is_cut_off_wherever_it_ends_early()
    {
        using var folder = new TemporaryFolder();
        string cut = folder.File("cut.so");
        byte[] whole = File.ReadAllBytes(LibTorchFolders.PathOf(TorchProbe.Other, "torch_global_deps"));
        foreach (int length in new[] { 6, 40, 64, 200, whole.Length / 2, 7900, whole.Length - 16 })
        {
            File.WriteAllBytes(cut, whole[..length]);
            Assert.That(ElfFile.IsCutOff(cut), Is.True, $"{length} of {whole.Length} bytes");
        }
    }

    [Test]
    public void Other_files_are_left_to_the_loader()
    {
        using var folder = new TemporaryFolder();
        byte[] for32Bits = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1, .. Enumerable.Repeat((byte)9, 100)];
        foreach (byte[] content in new[] { [], "text"u8.ToArray(), for32Bits })
        {
            File.WriteAllBytes(folder.File("other"), content);
            Assert.That(ElfFile.IsCutOff(folder.File("other")), Is.False, $"{content.Length} bytes");
            Assert.That(ElfFile.NeededVersions(folder.File("other")), Is.Empty);
        }
    }

    [Test]
    public void The_shim_of_this_build_does_without_the_version_that_it_never_uses()
    {
        IReadOnlyList<NeededVersion> needed = ElfFile.NeededVersions(ShimLibrary.OwnPath!);
        Assert.That(needed, Does.Contain(new NeededVersion("GLIBCXX_3.4.32", IsWeak: true)));
        Assert.That(
            needed.Where(v => v.Name.StartsWith("GLIBC_", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Property("IsWeak").EqualTo(false)
        );
    }
}
