using System.Buffers.Binary;
using MerBench.Host;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Files of torch.save before PyTorch 1.6, and the dictionaries within checkpoints.</summary>
public sealed class LegacyWeightsTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("merbench").FullName;

    private static string Checkpoint =>
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Weights", "fixtures", "legacy_checkpoint.pt");

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(null, "state_dict", "model.", 0)]
    [TestCase("state_dict", "state_dict", "model.", 0)]
    [TestCase("averages.ema", "averages.ema", "", 1)]
    public void A_checkpoint_of_Lightning_gives_the_weights_that_are_meant(string? key, string found, string prefix, float more)
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2));
        LoadedWeights loaded = WeightsFile.LoadInto(network.state_dict(), Checkpoint, key);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(loaded.Key, Is.EqualTo(found));
            Assert.That(loaded.Prefix, Is.EqualTo(prefix));
            Assert.That(network.state_dict()["1.weight"][0].item<float>(), Is.EqualTo(1 + more).Within(0.01));
            Assert.That(
                string.Join('\n', loaded.Remarks()),
                key is null ? Does.Contain("and not 'averages.ema'") : Does.Not.Contain("ema")
            );
            Assert.That(string.Join('\n', loaded.Remarks()), prefix.Length > 0 ? Does.Contain("left out: loss.tied") : Is.Empty);
        }
    }

    [Test]
    public void Views_share_a_storage()
    {
        IReadOnlyDictionary<string, StoredTensor> read = WeightsFile.Read(Checkpoint).Tensors;
        using var scope = NewDisposeScope();
        Assert.That(read["loss.tied"].ToTensor().t().equal(read["model.0.weight"].ToTensor()).all().item<bool>(), Is.True);
    }

    [Test]
    public void A_key_that_a_checkpoint_lacks_is_told_with_those_that_it_has()
    {
        string message = Assert.Throws<UserErrorException>(() => WeightsFile.Read(Checkpoint, "averages.slow"))!.Message;
        Assert.That(message, Does.Contain("no dict of tensors under 'averages.slow': tensors are under 'state_dict', 'averages.ema'"));
    }

    [Test]
    public void A_part_of_a_storage_is_read_at_its_place()
    {
        byte[] view = CraftedArchive.View("ByteStorage", 6, [2], [1]);
        int end = view.AsSpan().IndexOf("tQ"u8);
        byte[] part =
        [
            .. view[..end],
            (byte)'(',
            .. CraftedArchive.Text("1"),
            .. CraftedArchive.Number(3),
            .. CraftedArchive.Number(3),
            (byte)'t',
            .. view[end..],
        ];
        byte[] content = Legacy(CraftedArchive.Pickle("}(", CraftedArchive.Text("w"), part, "u"), 6, [0, 1, 2, 3, 4, 5]);
        Assert.That(PyTorchStateDict.Parse(content, "part.pt").Tensors["w"].Data.ToArray(), Is.EqualTo(new byte[] { 3, 4 }));
    }

    private static IEnumerable<TestCaseData> Unusable()
    {
        byte[] pickle = CraftedArchive.Pickle("}(", CraftedArchive.Text("w"), CraftedArchive.View("FloatStorage", 2, [2], [1]), "u");
        yield return Case("cut values", Legacy(pickle, 2, new byte[7]), "cut off or damaged at its storage '0'");
        yield return Case("count of nothing", Legacy(pickle, long.MaxValue, new byte[8]), "cut off or damaged at its storage '0'");
        yield return Case("negative count", Legacy(pickle, -2, new byte[8]), "cut off or damaged at its storage '0'");
        yield return Case("fewer than said", Legacy(pickle, 1, new byte[4]), "the storage of 'w' is cut off: 4 bytes for 2 numbers");
        yield return Case("no values", Legacy(pickle, 2, new byte[8])[..^17], "its pickle is malformed or cut off");
        yield return Case("big endian", Legacy(pickle, 2, new byte[8], isLittleEndian: false), "not little-endian");
        yield return Case(
            "other storage",
            Legacy(pickle, 2, new byte[8], "1"),
            "its list of storages names a string that the object does not use"
        );
        yield return Case(
            "whole module",
            Legacy(CraftedArchive.Pickle("(", CraftedArchive.Text("module"), "c__main__\nNet\n"), 0, []),
            "it is a whole pickled object of the class '__main__.Net'"
        );
        yield return Case("code", Legacy(CraftedArchive.Pickle("cposix\nsystem\n"), 0, []), "it asks for 'posix.system'");
        yield return Case("bomb", Legacy(CraftedArchive.Pickle(new string('}', 3_000_000)), 0, []), "many times that of memory");

        static TestCaseData Case(string name, byte[] content, string reason) => new TestCaseData(content, reason).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unusable))]
    public void What_cannot_be_read_is_refused_with_its_reason(byte[] content, string reason)
    {
        string message = Assert.Throws<UserErrorException>(() => PyTorchStateDict.Parse(content, "old.pt"))!.Message;
        Assert.That(message, Does.StartWith("old.pt cannot be read as PyTorch weights: ").And.Contains(reason));
    }

    [TestCase("teacher.", "student.")]
    [TestCase("loss.", null)]
    public void A_stem_is_taken_where_the_whole_model_stands_under_one(string other, string? second)
    {
        using var scope = NewDisposeScope();
        string file = Path.Combine(_folder, "stems.safetensors");
        var state = new Dictionary<string, Tensor>
        {
            ["net.a"] = ones(2),
            ["net.b"] = ones(3),
            [other + "a"] = ones(2),
        };
        if (second is not null)
            (state[other + "b"], state[second + "a"]) = (ones(3), ones(2));
        WeightsFile.Save(state, file);
        var model = new Dictionary<string, Tensor> { ["a"] = zeros(2), ["b"] = zeros(3) };
        if (second is null)
            Assert.That(WeightsFile.LoadInto(model, file).Prefix, Is.EqualTo("net."));
        else
            Assert.That(() => WeightsFile.LoadInto(model, file), Throws.TypeOf<UserErrorException>().With.Message.Contains("does not fit"));
    }

    private static byte[] Legacy(byte[] pickle, long count, byte[] values, string key = "0", bool isLittleEndian = true)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, count);
        return
        [
            .. CraftedArchive.Pickle((byte[])[0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]),
            .. CraftedArchive.Pickle(CraftedArchive.Number(1001)),
            .. CraftedArchive.Pickle(
                "}",
                CraftedArchive.Text("little_endian"),
                (byte[])[isLittleEndian ? (byte)0x88 : (byte)0x89, (byte)'s']
            ),
            .. pickle,
            .. CraftedArchive.Pickle("]", CraftedArchive.Text(key), "a"),
            .. length,
            .. values,
        ];
    }
}
