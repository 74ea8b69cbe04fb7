using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Tests.Data;

namespace MerBench.Tests.Storage;

/// <summary>Whatever happens to a file of a store, a run finds the same numbers; whatever happens to a results folder, nobody takes it for
/// whole, and a run makes it so again.</summary>
public sealed class DamagedFilesTests
{
    private static readonly byte[] s_another = [.. "{ \"format\": 1, \"kind\": \"cells\", \"key\": \"k\", \"files\": {} }"u8];

    private readonly TemporaryFolder _folder = new();
    private SmallBenchmark _benchmark = null!;
    private string _whole = null!,
        _wholeResults = null!;
    private string _numbers = null!;

    private string Store => _folder.File("store");

    private string Results => _folder.File("results");

    [OneTimeSetUp]
    public void RunOnce()
    {
        _benchmark = new SmallBenchmark(_folder.Path, Store);
        _numbers = Run();
        _whole = _folder.File("whole");
        Copy(Store, _whole);
        _wholeResults = _folder.File("whole-results/bench");
        Copy(Results, _wholeResults);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_damaged_file_of_the_store_costs_its_entry_and_changes_no_number([Values] Damage damage)
    {
        // One file of each entry at a time: between the two entries of a kind, each file is once the only damaged one.
        for (int turn = 0; turn < 2; turn++)
        {
            string[] files = [.. Entries().Select((entry, i) => entry[(turn + (2 * i)) % entry.Length])];
            Restore();
            string[] damaged = [.. files.Where(f => damage.Do(Path.Combine(Store, f), OfAnother(f)))];
            Assert.That(Run(), Is.EqualTo(_numbers), $"{damage} {string.Join(", ", damaged)}");
            // Without its manifest an entry is like one of an older version; a file that is an entry is not missed.
            Assert.That(
                PutAside,
                damage == Damage.Deleted
                    ? Is.SupersetOf(damaged.Where(f => !IsManifest(f) && IsInFolder(f)).Select(EntryOf))
                    : Is.EquivalentTo(damaged.Select(EntryOf))
            );
            Assert.That(StoreInventory.List(Store).Where(e => e.FindFault() is not null), Is.Empty, "the next run finds all whole");
        }
    }

    [Test]
    public void A_damaged_file_of_the_results_is_named([Values] Damage damage)
    {
        foreach (string file in FilesOf(_wholeResults))
        {
            byte[] whole = File.ReadAllBytes(file);
            if (!damage.Do(file, s_another))
                continue;
            // Without its manifest it is like one of an older version.
            bool isBelieved = damage == Damage.Deleted && IsManifest(file);
            Assert.That(
                () => RunFolder.Open(_wholeResults).ReadResults(),
                isBelieved
                    ? Throws.Nothing
                    : Throws
                        .TypeOf<UserErrorException>()
                        .With.Message.Contains(IsManifest(file) ? _wholeResults : Path.GetFileName(file))
                        .And.Message.Contains("Run the benchmark again"),
                file
            );
            Assert.That(
                () => RunFolder.OpenAll([_folder.File("whole-results")]),
                isBelieved ? Throws.Nothing : Throws.TypeOf<UserErrorException>(),
                "nor left out"
            );
            if (Directory.Exists(file))
                Directory.Delete(file);
            File.WriteAllBytes(file, whole);
        }
    }

    [TestCase(Damage.Zeroed)]
    [TestCase(Damage.Unreadable)]
    public void A_run_writes_results_again_whatever_lies_there(Damage damage)
    {
        foreach (string file in FilesOf(Results))
            damage.Do(file, null);
        Restore();
        Run();
        Assert.That(RunFolder.Open(Results).ReadResults().Cells, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_store_of_a_version_without_checksums_is_used_and_gets_them()
    {
        Restore();
        foreach (string manifest in Directory.GetFiles(Store, "manifest.json", SearchOption.AllDirectories))
            File.Delete(manifest);
        Assert.That(Run(), Is.EqualTo(_numbers));
        Assert.That(PutAside, Is.Empty);
        Assert.That(StoreInventory.List(Store).Where(e => e.IsUnsealed), Is.Empty);
    }

    [TestCase("cell.json", "{}", "clips.parquet", "PAR1", "weights.safetensors", "", "training.json", "{}")]
    [TestCase("cell.json", "null", "examples.safetensors", "12345678", "weights.safetensors", "12345678{}", "training.json", "")]
    public void An_entry_without_checksums_that_is_not_whole_is_computed_again(params string[] namesAndContents)
    {
        Restore();
        string[] damaged = [.. namesAndContents.Chunk(2).Select((file, i) => Spoil(file[0], file[1], i % 2))];
        Assert.That(Run(), Is.EqualTo(_numbers));
        Assert.That(PutAside, Is.EquivalentTo(damaged));

        string Spoil(string name, string content, int entry)
        {
            string file = Directory.GetFiles(Store, name, SearchOption.AllDirectories).Order(StringComparer.Ordinal).ElementAt(entry),
                folder = Path.GetDirectoryName(file)!;
            File.Delete(Path.Combine(folder, "manifest.json"));
            File.WriteAllText(file, content);
            return Path.GetRelativePath(Store, folder);
        }
    }

    [Test]
    public void An_entry_of_a_newer_version_or_of_another_key_is_computed_again()
    {
        Restore();
        string[] cells =
        [
            .. Directory
                .GetDirectories(Path.Combine(Store, "cells"), "*", SearchOption.AllDirectories)
                .Where(d => Path.GetFileName(d).Length > 2),
        ];
        string newer = Path.Combine(cells[0], "manifest.json");
        File.WriteAllText(newer, File.ReadAllText(newer).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        string model = Directory
            .GetDirectories(Path.Combine(Store, "models"), "*", SearchOption.AllDirectories)
            .First(d => Path.GetFileName(d).Length > 2);
        Directory.Delete(cells[1], recursive: true);
        Copy(model, cells[1]);
        Assert.That(Run(), Is.EqualTo(_numbers));
        Assert.That(PutAside, Is.EquivalentTo(cells.Select(c => Path.GetRelativePath(Store, c))));
    }

    private IReadOnlyList<string> PutAside => _benchmark.PutAside;

    private string Run() => _benchmark.Run();

    // The files of each entry, and of features the first alone.
    private IEnumerable<string[]> Entries() =>
        Directory
            .GetFiles(_whole, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_whole, f))
            .Order(StringComparer.Ordinal)
            .GroupBy(EntryOf, StringComparer.Ordinal)
            .GroupBy(e => e.Key.StartsWith("features", StringComparison.Ordinal) ? "features" : e.Key, StringComparer.Ordinal)
            .Select(e => e.First().ToArray());

    private static string EntryOf(string file) => IsInFolder(file) ? Path.GetDirectoryName(file)! : file;

    private static bool IsInFolder(string file) => !file.EndsWith(".entry", StringComparison.Ordinal);

    private static IEnumerable<string> FilesOf(string results) =>
        Directory.GetFiles(results).Where(f => Path.GetFileName(f) != "progress.json");

    private static bool IsManifest(string file) => Path.GetFileName(file) == "manifest.json";

    private byte[]? OfAnother(string file) =>
        Directory
            .GetFiles(Path.Combine(_whole, file.Split('/')[0]), "*", SearchOption.AllDirectories)
            .Where(f =>
                f != Path.Combine(_whole, file)
                && (Path.GetFileName(f) == Path.GetFileName(file) || file.EndsWith(".entry", StringComparison.Ordinal))
            )
            .Select(File.ReadAllBytes)
            .FirstOrDefault();

    private void Restore()
    {
        if (Directory.Exists(Store))
            Directory.Delete(Store, recursive: true);
        Copy(_whole, Store);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }
}
