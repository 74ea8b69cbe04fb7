using CsCheck;
using MerBench.NativeMend;

namespace MerBench.Tests.NativeMend;

public sealed class ElfVersionNeedsTests
{
    private const string Version = "GLIBCXX_3.4.32";

    private static readonly byte[] Image = SmallElf.Needing(
        ("libc.so.6", ["GLIBC_2.14", "GLIBC_2.34"]),
        ("libstdc++.so.6", ["GLIBCXX_3.4.3", Version, "CXXABI_1.3"]),
        ("libgcc_s.so.1", ["GCC_3.0"])
    );

    [Test]
    public void One_flag_of_the_named_version_is_set_and_nothing_else()
    {
        byte[] mended = [.. Image];
        Assert.That(ElfVersionNeeds.Weaken(mended, Version), Is.EqualTo(1));
        int changed = Differences(Image, mended).Single();
        Assert.That((Image[changed], mended[changed]), Is.EqualTo(((byte)0, (byte)2)));
        // Behind the header (64) and libc's three entries of 16: libstdc++'s own entry, its first version, and then the flags at 4.
        Assert.That(changed, Is.EqualTo(64 + (3 * 16) + 16 + 16 + 4));
    }

    [Test]
    public void A_version_that_two_libraries_bring_is_weakened_in_both()
    {
        byte[] image = SmallElf.Needing(("a", [Version]), ("b", ["X", Version]));
        Assert.That(ElfVersionNeeds.Weaken(image, Version), Is.EqualTo(2));
    }

    [TestCase("GLIBCXX_3.4.31")]
    [TestCase("GLIBCXX_3.4.320")]
    [TestCase("")]
    public void A_version_that_is_not_needed_changes_nothing(string version) => AssertUntouched(Image, version);

    [Test]
    public void A_version_that_is_weak_already_changes_nothing() =>
        AssertUntouched(SmallElf.Needing(("libstdc++.so.6", [Version + "!"])), Version);

    [Test]
    public void A_file_that_is_no_ELF_changes_nothing() =>
        Gen
            .Byte.Array[0, 200]
            .Where(b => b.Length < 4 || b[0] != 0x7f)
            .Sample(bytes =>
            {
                byte[] before = [.. bytes];
                return ElfVersionNeeds.Weaken(bytes, Version) == 0 && bytes.AsSpan().SequenceEqual(before);
            });

    [Test]
    public void An_ELF_of_another_class_or_byte_order_is_refused([Values(4, 5)] int field)
    {
        byte[] image = [.. Image];
        image[field] ^= 3;
        Assert.That(
            () => ElfVersionNeeds.Weaken(image, Version),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("64-bit little-endian")
        );
    }

    [Test]
    public void An_ELF_that_is_cut_off_is_refused_wherever_the_cut_is()
    {
        for (int length = 4; length <= Image.Length - SmallElf.SectionHeadersSize; length++)
            Assert.That(() => ElfVersionNeeds.Weaken(Image[..length], Version), Throws.TypeOf<InvalidDataException>(), $"cut at {length}");
    }

    [Test]
    public void A_damaged_ELF_is_refused_or_changed_in_flags_alone() =>
        Gen.Select(Gen.Int[6, Image.Length - 1], Gen.Byte)
            .Array[1, 4]
            .Sample(
                damages =>
                {
                    byte[] image = [.. Image];
                    foreach ((int at, byte value) in damages)
                        image[at] = value;
                    byte[] before = [.. image];
                    try
                    {
                        int weakened = ElfVersionNeeds.Weaken(image, Version);
                        var changed = Differences(before, image).ToList();
                        return changed.Count == weakened && changed.TrueForAll(i => image[i] == (before[i] | 2));
                    }
                    catch (InvalidDataException)
                    {
                        return true;
                    }
                },
                iter: 20_000
            );

    private static void AssertUntouched(byte[] image, string version)
    {
        byte[] mended = [.. image];
        Assert.That(ElfVersionNeeds.Weaken(mended, version), Is.Zero);
        Assert.That(mended, Is.EqualTo(image));
    }

    private static IEnumerable<int> Differences(byte[] a, byte[] b) => Enumerable.Range(0, a.Length).Where(i => a[i] != b[i]);
}
