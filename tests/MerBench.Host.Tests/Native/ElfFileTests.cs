using MerBench.Host.Native;
using MerBench.Tests.Data;

namespace MerBench.Tests.Native;

[Platform("Linux")]
public sealed class ElfFileTests
{
    private static readonly string[] s_whole = [.. Directory.GetFiles(TorchProbe.Other)];

    [TestCaseSource(nameof(s_whole))]
    public void Whole_libraries_are_whole(string path) => Assert.That(ElfFile.IsCutOff(path), Is.False);

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

    [TestCase("")]
    [TestCase("text")]
    [TestCase("\u007fELF\u0001\u0001\u0001 of 32 bits, whose header has other fields in other places")]
    public void Other_files_are_left_to_the_loader(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("other"), content);
        Assert.That(ElfFile.IsCutOff(folder.File("other")), Is.False);
        Assert.That(ElfFile.NeededVersions(folder.File("other")), Is.Empty);
    }

    [Test]
    public void The_shim_of_this_build_does_without_the_version_that_it_never_uses()
    {
        IReadOnlyList<NeededVersion> needed = ElfFile.NeededVersions(LibTorchLoader.ShimPath!);
        Assert.That(needed, Does.Contain(new NeededVersion("GLIBCXX_3.4.32", IsWeak: true)));
        Assert.That(needed.Where(v => v.Name.StartsWith("GLIBC_", StringComparison.Ordinal)), Is.Not.Empty.And.All.Property("IsWeak").EqualTo(false));
    }
}
