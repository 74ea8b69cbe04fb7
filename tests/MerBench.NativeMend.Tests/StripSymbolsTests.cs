using System.Runtime.InteropServices;
using MerBench.NativeMend;

namespace MerBench.Tests.NativeMend;

public sealed class StripSymbolsTests
{
    private const int Page = 0x1000;

    [Test]
    public void Symbols_between_segments_are_left_out_and_what_follows_moves_by_whole_pages()
    {
        byte[] image = Image(symbols: 0x1800, strings: 0x2000);
        byte[] later = image[^0x300..];
        int length = ElfSymbolTable.Strip(image);
        byte[] stripped = image[..length];
        // 0x3800 bytes are three whole pages.
        Assert.That(length, Is.EqualTo(Image(0x1800, 0x2000).Length - (3 * Page)));
        Assert.That(stripped[^0x300..], Is.EqualTo(later), "the segment behind the symbols");
        Assert.That(U64(stripped, 64 + 56 + 8), Is.EqualTo((ulong)(length - 0x300)), "its offset");
        Assert.That((U64(stripped, 64 + 56 + 16) - U64(stripped, 64 + 56 + 8)) % Page, Is.Zero, "address and offset agree modulo the page");
        int sections = (int)U64(stripped, 0x28);
        Assert.That(stripped[(sections + 64)..(sections + 192)], Is.All.Zero, "the sections are null");
        Assert.That(ElfSymbolTable.Strip(stripped), Is.EqualTo(length), "nothing is left to strip");
    }

    [Test]
    public void A_file_of_another_kind_or_layout_stays_as_it_is()
    {
        Unchanged([1, 2, 3]);
        Unchanged(Image(0x100, 0x100));
        byte[] mapped = Image(0x1800, 0x2000);
        BitConverter.GetBytes((ulong)mapped.Length).CopyTo(mapped, 64 + 0x20);
        Unchanged(mapped);
        byte[] cut = Image(0x1800, 0x2000)[..0x2000];
        Unchanged(cut);

        static void Unchanged(byte[] image)
        {
            byte[] before = [.. image];
            Assert.That(ElfSymbolTable.Strip(image), Is.EqualTo(image.Length));
            Assert.That(image, Is.EqualTo(before));
        }
    }

    // A real library, with everything that a linker writes: a strip that broke it would not load, or lose a symbol.
    [Test]
    public void The_shim_still_loads_and_has_its_functions()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("ELF files are Linux's.");
        string shim = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");
        byte[] image = File.ReadAllBytes(shim);
        string copy = Path.Combine(Directory.CreateTempSubdirectory("merbench-").FullName, "stripped.so");
        File.WriteAllBytes(copy, image[..ElfSymbolTable.Strip(image)]);
        Assert.That(Symbols(copy), Is.EquivalentTo(Symbols(shim)));
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);

        static string[] Symbols(string path) =>
            [
                .. System
                    .Text.Encoding.ASCII.GetString(File.ReadAllBytes(path))
                    .Split('\0')
                    .Where(s => s.StartsWith("THSTensor_", StringComparison.Ordinal))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
    }

    // Header, two segments, text, .symtab and .strtab, table of three sections, second segment at the next page.
    private static byte[] Image(int symbols, int strings)
    {
        int start = 0x400,
            table = start + symbols + strings,
            second = (table + 192 + Page - 1) / Page * Page;
        var image = new byte[second + 0x300];
        new Random(7).NextBytes(image.AsSpan(start));
        "\u007fELF\u0002\u0001"u8.CopyTo(image);
        Put(0x20, 64);
        Put(0x28, (ulong)table);
        Put16(0x36, 56);
        Put16(0x38, 2);
        Put16(0x3a, 64);
        Put16(0x3c, 3);
        Segment(64, 0, 0, 0x400);
        Segment(64 + 56, (ulong)second, 0x100000, 0x300);
        Array.Clear(image, table, 192);
        Section(table + 64, 2, start, symbols, link: 2);
        Section(table + 128, 3, start + symbols, strings, link: 0);
        return image;

        void Put(int at, ulong value) => BitConverter.GetBytes(value).CopyTo(image, at);
        void Put16(int at, ushort value) => BitConverter.GetBytes(value).CopyTo(image, at);
        void Segment(int at, ulong offset, ulong address, ulong size)
        {
            Put(at, 1);
            Put(at + 8, offset);
            Put(at + 16, address);
            Put(at + 0x20, size);
            Put(at + 0x30, Page);
        }

        void Section(int at, uint type, int offset, int size, uint link)
        {
            BitConverter.GetBytes(type).CopyTo(image, at + 4);
            Put(at + 0x18, (ulong)offset);
            Put(at + 0x20, (ulong)size);
            BitConverter.GetBytes(link).CopyTo(image, at + 0x28);
        }
    }

    private static ulong U64(byte[] image, int at) => MemoryMarshal.Read<ulong>(image.AsSpan(at));
}
