using MerBench.Host;
using MerBench.Host.Diagnosis;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Tests.Data;

namespace MerBench.Tests.Storage;

/// <summary>What lies in a store, what of it is damaged, and what may go.</summary>
public sealed class StoreInventoryTests
{
    private static readonly string s_finished = new('a', 64),
        s_interrupted = new('b', 64);

    private TemporaryFolder _folder = null!;
    private StoreFolder _store = null!;

    [SetUp]
    public void Fill()
    {
        _folder = new TemporaryFolder();
        _store = new StoreFolder(_folder.Path);
        new FolderEntries(_store, EntryKind.Models).Write(s_finished, folder => File.WriteAllText(Path.Combine(folder, "weights"), "1234"));
        foreach (string training in new[] { s_finished, s_interrupted })
            Write($"checkpoints/{training[..2]}/{training}/epoch-000001/adam.bin");
        var features = new FileEntries(_store, EntryKind.Features);
        features.Write(s_finished, "12"u8);
        features.Write(s_interrupted, "34"u8);
        Write("features/cccccccccccccccccccccccccccccccc.bin");
        Write("measured/cccccccccccccccccccccccccccccccc.txt");
        Write("damaged/cells/x/cell.json");
        Write($"cells/ab/.1-{Guid.NewGuid():n}@elsewhere.tmp/cell.json");
        Write($"features/{TemporaryName.Create()}");
        Directory.SetLastWriteTimeUtc(Directory.GetDirectories(_folder.File("cells/ab"))[0], DateTime.UtcNow.AddHours(-2));
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Only_what_is_of_no_use_may_go_unless_more_is_asked_for()
    {
        Assert.That(
            MayGo(new StoreClearing([], null)),
            Is.EquivalentTo(new[] { "checkpoints", "measured", "damaged", "temporary" }),
            "a checkpoint of a finished training, what no version reads any more, what was put aside, what a killed process left behind"
        );
        Assert.That(MayGo(new StoreClearing(["features"], null)), Is.EqualTo(new[] { "features", "features", "features" }));
        Assert.That(MayGo(new StoreClearing(["models"], TimeSpan.FromDays(30))), Is.Empty);
        File.SetLastWriteTimeUtc(
            Path.Combine(new FolderEntries(_store, EntryKind.Models).PathOf(s_finished), "manifest.json"),
            DateTime.UtcNow.AddDays(-31)
        );
        Assert.That(MayGo(new StoreClearing(["models", "features"], TimeSpan.FromDays(30))), Is.EqualTo(new[] { "models" }));
    }

    [Test]
    public void Reading_an_entry_makes_it_young_again()
    {
        var models = new FolderEntries(_store, EntryKind.Models);
        File.SetLastWriteTimeUtc(Path.Combine(models.PathOf(s_finished), "manifest.json"), DateTime.UtcNow.AddDays(-31));
        models.Open(s_finished, _ => null);
        Assert.That(MayGo(new StoreClearing(["models"], TimeSpan.FromDays(1))), Is.Empty);
    }

    [Test]
    public void Clearing_leaves_what_is_not_the_stores()
    {
        string[] others = ["models/ab/mine.pt", "plugins/p.dll", "cells/notes.txt", "features/readme.md"];
        foreach (string other in others)
            Write(other);
        StoreClearing.Delete(StoreInventory.List(_folder.Path).Where(new StoreClearing(StoreClearing.KnownKinds, null).Concerns));
        Assert.That(
            Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder.Path, f)),
            Is.EquivalentTo([.. others, InWork()]),
            "and what somebody is writing"
        );

        string InWork() => Path.GetRelativePath(_folder.Path, Directory.GetFiles(_folder.File("features"), "*.tmp").Single());
    }

    [Test]
    public void A_run_deletes_what_killed_processes_left_behind()
    {
        _store.Sweep();
        Assert.That(Directory.GetFileSystemEntries(_folder.File("cells/ab")), Is.Empty);
        Assert.That(Directory.GetFiles(_folder.File("features"), "*.tmp"), Has.Length.EqualTo(1), "this process is still there");
    }

    [Test]
    public void Doctor_names_what_is_damaged_and_changes_nothing()
    {
        Assert.That(Problems(), Is.Empty);
        string weights = Path.Combine(new FolderEntries(_store, EntryKind.Models).PathOf(s_finished), "weights");
        File.WriteAllText(weights, "1235");
        File.WriteAllText(_folder.File($"features/{s_finished}.entry"), "");
        Assert.That(
            Problems(),
            Is.EquivalentTo(
                new[]
                {
                    $"models/aa/{s_finished}: weights is damaged (its checksum is another)",
                    $"features/{s_finished}.entry: it is empty",
                }
            )
        );
        Assert.That(File.ReadAllText(weights), Is.EqualTo("1235"));
        Assert.That(
            () => StoreCheck.Examine(_folder.File("nowhere")),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("--cache")
        );
    }

    private string[] Problems() => [.. StoreCheck.Examine(_folder.Path).Where(f => f.Status == FindingStatus.Problem).Select(f => f.What)];

    private string[] MayGo(StoreClearing clearing) =>
        [.. StoreInventory.List(_folder.Path).Where(clearing.Concerns).Select(item => item.Kind)];

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllText(_folder.File(path), "x");
    }
}
