using System.Text;
using MerBench.Host.IO;

namespace MerBench.Tests.IO;

public sealed class NativeArchiveTests
{
    private string _folder = "";

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("merbench-natives-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_was_packed_is_unpacked_into_its_folders_and_the_same_files_make_the_same_archive()
    {
        string first = Write("first.so", new string('a', 100_000)),
            second = Write("second.so", "b");
        byte[] archive = Pack((first, "libtorch/first.so"), (second, "second.so"));
        Assert.That(archive, Has.Length.LessThan(2_000));
        File.SetLastWriteTimeUtc(first, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.That(Pack((second, "second.so"), (first, "libtorch/first.so")), Is.EqualTo(archive));

        string to = Directory.CreateDirectory(Path.Combine(_folder, "to")).FullName;
        NativeArchive.Unpack(Write("natives.tar.br", archive), to);
        Assert.That(File.ReadAllText(Path.Combine(to, "libtorch", "first.so")), Is.EqualTo(new string('a', 100_000)));
        Assert.That(File.ReadAllText(Path.Combine(to, "second.so")), Is.EqualTo("b"));
    }

    [Test]
    public void One_that_is_cut_off_is_not_taken_for_a_whole_one()
    {
        byte[] archive = Pack((Write("first.so", RandomText(50_000)), "first.so"), (Write("second.so", RandomText(50_000)), "second.so"));
        string cut = Write("natives.tar.br", archive[..(archive.Length / 2)]),
            to = Directory.CreateDirectory(Path.Combine(_folder, "to")).FullName;
        Assert.That(() => NativeArchive.Unpack(cut, to), Throws.InstanceOf<IOException>().Or.InstanceOf<InvalidDataException>());
    }

    private static byte[] Pack(params (string, string)[] files)
    {
        using var archive = new MemoryStream();
        NativeArchive.Write(archive, files);
        return archive.ToArray();
    }

    private static string RandomText(int length)
    {
        var random = new Random(7);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }

    private string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
