using MerBench.Host.Data;
using MerBench.Host.Storage;

namespace MerBench.Tests.Data;

public sealed class FeatureCacheTests
{
    private readonly ClipFeatures _features = new(2, 3, [1, 2, 3, 4, float.MinValue, 6]);

    [Test]
    public void What_is_written_is_read_and_nothing_else_is_left_behind()
    {
        using var folder = new TemporaryFolder();
        var cache = new FeatureCache(new StoreFolder(folder.Path));
        Assert.That(cache.Read("key"), Is.Null);
        cache.Write("key", _features);
        ClipFeatures read = cache.Read("key")!;
        Assert.That((read.Frames, read.Bands), Is.EqualTo((2, 3)));
        Assert.That(read.Values, Is.EqualTo(_features.Values));
        Assert.That(Directory.GetFiles(folder.File("features")).Select(Path.GetFileName), Is.EqualTo(new[] { "key.entry" }));
    }

    [Test]
    public void A_file_with_any_byte_changed_counts_as_absent()
    {
        using var folder = new TemporaryFolder();
        var cache = new FeatureCache(new StoreFolder(folder.Path));
        cache.Write("key", _features);
        byte[] whole = File.ReadAllBytes(folder.File("features/key.entry"));
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x10;
            File.WriteAllBytes(folder.File("features/key.entry"), changed);
            Assert.That(cache.Read("key"), Is.Null, $"byte {i}");
        }
    }

    [Test]
    public void A_file_of_any_other_length_counts_as_absent()
    {
        using var folder = new TemporaryFolder();
        var cache = new FeatureCache(new StoreFolder(folder.Path));
        cache.Write("key", _features);
        byte[] whole = File.ReadAllBytes(folder.File("features/key.entry"));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("features/key.entry"), whole[..length]);
            Assert.That(cache.Read("key"), Is.Null, $"{length} bytes");
        }

        File.WriteAllBytes(folder.File("features/key.entry"), [.. whole, 0]);
        Assert.That(cache.Read("key"), Is.Null);
    }
}
