using System.Text;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Tests.Data;

namespace MerBench.Tests.Storage;

/// <summary>A disk that takes nothing is named, with what to do.</summary>
public sealed class FullDiskTests
{
    [Test]
    public void A_full_disk_is_named_and_what_was_written_before_stays()
    {
        using var disk = new SmallDisk(kilobytes: 64);
        var entries = new FileEntries(new StoreFolder(disk.Path), EntryKind.Features);
        entries.Write("small", new byte[1000]);
        DiskException refusal = Assert.Throws<DiskException>(() => entries.Write("large", new byte[100_000]))!;
        Assert.That(
            refusal.Message,
            Does.StartWith($"{disk.Path}/features/large.entry cannot be written: the disk is full (disk {disk.Path}").And.Contain("--cache")
        );
        Assert.That(DiskException.IsMeantBy(refusal));
        Assert.That(Directory.GetFileSystemEntries($"{disk.Path}/features"), Has.Length.EqualTo(1), "no half file takes the room");
        Assert.That(entries.Read("small"), Is.Not.Null);
        Assert.That(
            () =>
                new FolderEntries(new StoreFolder(disk.Path), EntryKind.Cells).Write(
                    "cell",
                    f => File.WriteAllBytes($"{f}/a", new byte[100_000])
                ),
            Throws.TypeOf<DiskException>().With.Message.Contains($"{disk.Path}/cells/ce/cell cannot be written: the disk is full")
        );
        Assert.That(
            () => AtomicFile.Write($"{disk.Path}/results.json", new string('x', 100_000)),
            Throws.TypeOf<DiskException>().With.Message.Contains("results.json cannot be written: the disk is full")
        );
        disk.Remount("ro");
        Assert.That(
            () => entries.Write("more", Encoding.UTF8.GetBytes("x")),
            Throws.TypeOf<DiskException>().With.Message.Contains("the disk is read-only")
        );
        Assert.That(entries.Read("small"), Is.Not.Null, "what is there can be used");
    }

    [Test]
    public void A_run_on_a_full_disk_blames_nobody_else_and_goes_on_once_there_is_room()
    {
        using var disk = new SmallDisk(kilobytes: 100);
        using var folder = new TemporaryFolder();
        var benchmark = new SmallBenchmark(folder.Path, $"{disk.Path}/store");
        Assert.That(benchmark.Run, Throws.TypeOf<DiskException>().With.Message.Contains($"{disk.Path}/store/features/"));
        int features = Directory.GetFiles($"{disk.Path}/store/features").Length;
        Assert.That(features, Is.GreaterThan(0));
        disk.Remount("size=300k");
        Assert.That(benchmark.Run, Throws.TypeOf<DiskException>().With.Message.Contains($"{disk.Path}/store/cells/"));
        Assert.That(Directory.Exists($"{disk.Path}/store/models"), "what fitted is kept");
        disk.Remount("size=2m");
        Assert.That(benchmark.Run(), Does.Contain("\"mae\""));
        Assert.That(benchmark.PutAside, Is.Empty);
    }

    [Test]
    public void A_file_where_the_store_should_be_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("store"), "");
        Assert.That(
            () => new FileEntries(new StoreFolder(folder.File("store")), EntryKind.Features).Write("key", "x"u8),
            Throws.TypeOf<DiskException>().With.Message.Contains(folder.File("store/features/key.entry"))
        );
    }

    [Test]
    public void A_folder_with_content_is_not_deleted_for_a_file()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("results.json"));
        File.WriteAllText(folder.File("results.json/mine"), "");
        Assert.That(
            () => AtomicFile.Write(folder.File("results.json"), "{}"),
            Throws.TypeOf<DiskException>().With.Message.Contains("move it away")
        );
        File.Delete(folder.File("results.json/mine"));
        AtomicFile.Write(folder.File("results.json"), "{}");
        Assert.That(File.ReadAllText(folder.File("results.json")), Is.EqualTo("{}"));
    }
}
