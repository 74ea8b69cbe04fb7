using System.Text;
using MerBench.Host.Storage;
using MerBench.Tests.Data;

namespace MerBench.Tests.Storage;

/// <summary>Entries of a single file, as features, batches, measurements, verdicts and found audio are.</summary>
public sealed class FileEntriesTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private static readonly byte[] s_content = [.. "seven\n7 "u8];

    private readonly List<PutAside> _putAside = [];
    private TemporaryFolder _folder = null!;
    private FileEntries _entries = null!;

    private string Place => _folder.File($"batches/{Key}.entry");

    [SetUp]
    public void Make()
    {
        _folder = new TemporaryFolder();
        _putAside.Clear();
        _entries = new FileEntries(new StoreFolder(_folder.Path, _putAside.Add), EntryKind.Batches);
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Any_changed_byte_is_noticed_and_the_file_put_aside_whole()
    {
        _entries.Write(Key, s_content);
        byte[] whole = File.ReadAllBytes(Place);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            File.WriteAllBytes(Place, changed);
            Assert.That(_entries.Read(Key), Is.Null, $"byte {i}");
            Assert.That(File.ReadAllBytes(_putAside[^1].Place), Is.EqualTo(changed));
        }

        Assert.That(_putAside.Select(p => p.Place), Is.Unique, "none overwrites another");
        _entries.Write(Key, s_content);
        Assert.That(_entries.Read(Key)!.Value.ToArray(), Is.EqualTo(s_content));
    }

    [TestCase("merbench-entry 2 batches {0} 00\n", "newer version")]
    [TestCase("merbench-entry 1 features {0} 00\n", "another entry")]
    [TestCase("merbench-entry 1 batches ffff 00\n", "another entry")]
    [TestCase("", "empty")]
    [TestCase("7", "first line")]
    public void What_cannot_be_believed_is_put_aside_with_its_reason(string content, string reason)
    {
        _entries.Write(Key, s_content);
        File.WriteAllText(Place, content.Replace("{0}", Key, StringComparison.Ordinal));
        Assert.That(_entries.Read(Key), Is.Null);
        Assert.That(_putAside.Single().Reason, Does.Contain(reason));
        Assert.That(_putAside[0].Entry, Is.EqualTo($"batches/{Key}.entry"));
    }

    [Test]
    public void Another_entrys_file_is_not_taken()
    {
        _entries.Write(Key, s_content);
        _entries.Write("another", s_content);
        File.Copy(_folder.File("batches/another.entry"), Place, overwrite: true);
        Assert.That(_entries.Read(Key), Is.Null);
        Assert.That(_entries.Read("another"), Is.Not.Null);
    }

    [Test]
    public void A_folder_in_its_place_is_put_aside()
    {
        Directory.CreateDirectory(Place);
        Assert.That(_entries.Read(Key), Is.Null);
        Assert.That(_putAside.Single().Reason, Is.EqualTo("it is a folder"));
        Directory.CreateDirectory(Path.Combine(Place));
        _entries.Write(Key, s_content);
        Assert.That(_entries.Read(Key), Is.Not.Null, "nor does it hinder who writes");
    }

    [TestCase("8", true)]
    [TestCase("", false)]
    public void A_file_of_a_version_without_checksums_is_taken_where_it_is_whole(string content, bool isWhole)
    {
        Directory.CreateDirectory(_folder.File("batches"));
        File.WriteAllText(_folder.File($"batches/{Key}.txt"), content);
        ReadOnlyMemory<byte>? read = _entries.Read(Key, old => old.Length > 0 ? old : null);
        Assert.That(read is { } kept ? Encoding.UTF8.GetString(kept.Span) : null, Is.EqualTo(isWhole ? content : null));
        Assert.That(_putAside, Has.Count.EqualTo(isWhole ? 0 : 1));
        Assert.That(File.Exists(_folder.File($"batches/{Key}.txt")), Is.False);
        Assert.That(_entries.Read(Key), isWhole ? Is.Not.Null : Is.Null, "it is written anew");
    }

    [Test]
    public void Of_several_writers_the_first_decides_unless_what_it_wrote_is_damaged()
    {
        Assert.That(Encoding.UTF8.GetString(_entries.WriteFirst(Key, [.. "a"u8]).Span), Is.EqualTo("a"));
        Assert.That(Encoding.UTF8.GetString(_entries.WriteFirst(Key, [.. "b"u8]).Span), Is.EqualTo("a"));
        File.WriteAllText(Place, "damaged");
        Assert.That(Encoding.UTF8.GetString(_entries.WriteFirst(Key, [.. "c"u8]).Span), Is.EqualTo("c"));
        Assert.That(Encoding.UTF8.GetString(_entries.Read(Key)!.Value.Span), Is.EqualTo("c"));
    }
}
