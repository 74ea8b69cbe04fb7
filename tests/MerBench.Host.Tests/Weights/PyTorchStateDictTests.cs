using CsCheck;
using MerBench.Host;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class PyTorchStateDictTests
{
    [TestCase("plain.pt")]
    [TestCase("protocol4.pt")]
    [TestCase("legacy.pt")]
    public void Every_type_stride_and_view_is_read(string file)
    {
        IReadOnlyDictionary<string, StoredTensor> read = PyTorchStateDict.Read(Fixture(file)).Tensors;
        using var scope = NewDisposeScope();
        Tensor whole = arange(24, dtype: float32).reshape(4, 6);
        Tensor half = tensor(new[] { 0.5f, -1.25f });
        var expected = new Dictionary<string, Tensor>
        {
            ["weight"] = whole,
            ["transposed"] = whole.t(),
            ["window"] = whole[1..3, 2..5],
            ["scalar"] = tensor(2.5),
            ["empty"] = zeros(0, 3),
            ["half"] = half.to(float16),
            ["bfloat"] = half.to(bfloat16),
            ["whole"] = tensor(new[] { 1, -2, 3, 1L << 40 }).reshape(2, 2),
            ["small"] = tensor(new sbyte[] { -3, 4 }),
            ["flags"] = tensor(new[] { true, false, true }),
            ["parameter"] = tensor(new[] { 7f, 8f }),
        };
        Assert.That(read.Keys, Is.EqualTo(expected.Keys));
        using (Assert.EnterMultipleScope())
        {
            foreach ((string name, Tensor value) in expected)
            {
                Assert.That(read[name].Type, Is.EqualTo(value.dtype), name);
                Assert.That(read[name].Shape, Is.EqualTo(value.shape), name);
                Assert.That(read[name].ToTensor().equal(value).all().item<bool>(), Is.True, name);
            }
        }
    }

    [Test]
    public void A_checkpoint_gives_its_state_dict()
    {
        IReadOnlyDictionary<string, StoredTensor> read = PyTorchStateDict.Read(Fixture("checkpoint.pt")).Tensors;
        Assert.That(
            read.Keys,
            Is.EqualTo(["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"])
        );
    }

    [TestCase("hostile.pt", "posix.system")]
    [TestCase("whole_model.pt", "torch.nn.modules.container.Sequential")]
    [TestCase("namespace.pt", "argparse.Namespace")]
    [TestCase("list.pt", "holds a list")]
    [TestCase("expanded.pt", "does not fit its storage")]
    [TestCase("script.pt", "TorchScript")]
    [TestCase("absent.pt", "no weights file")]
    public void Whatever_is_not_a_state_dict_is_refused_by_name(string file, string reason)
    {
        var refused = Assert.Throws<UserErrorException>(() => WeightsFile.Read(Fixture(file)));
        Assert.That(refused!.Message, Does.Contain(reason).And.Contain(file));
    }

    [TestCase("c__builtin__\neval\n.", "__builtin__.eval")]
    [TestCase("ccollections\nOrderedDict\n(I1\ntR.", "0x49")]
    [TestCase("ctorch\nFloatStorage\n)R.", "unusual arguments")]
    [TestCase("ccollections\nOrderedDict\n)\u0081.", "creates an object of 'collections.OrderedDict'")]
    [TestCase("}}X\u0001\u0000\u0000\u0000aK\u0001sb.", "sets the state of a dict")]
    [TestCase("]K\u0001K\u0002s.", "no dict")]
    [TestCase("h\u0005.", "memo")]
    [TestCase("t.", "mark")]
    [TestCase("X\u00ff\u00ff\u00ff\u007fabc.", "ends too early")]
    public void A_crafted_pickle_is_refused_with_its_reason(string pickle, string reason)
    {
        byte[] bytes = [0x80, 2, .. pickle.Select(c => (byte)c)];
        var refused = Assert.Throws<PickleException>(() => new RestrictedUnpickler(bytes).Run());
        Assert.That(refused!.Message, Does.Contain(reason));
    }

    [Test]
    public void A_damaged_file_is_read_or_refused_but_never_breaks_anything()
    {
        byte[] whole = File.ReadAllBytes(Fixture("plain.pt")),
            nested = File.ReadAllBytes(Fixture("checkpoint.pt"));
        Gen.Select(
                Gen.Bool.Select(b => b ? whole : nested),
                Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 12],
                Gen.Int[0, 3000],
                Gen.Bool
            )
            .Sample(
                (file, changes, cut, isCut) =>
                {
                    byte[] damaged = [.. file];
                    foreach ((int position, byte value) in changes)
                        damaged[position % damaged.Length] = value;
                    RequireReadOrRefused(isCut ? damaged[..Math.Min(cut, damaged.Length)] : damaged);
                },
                iter: 4000
            );
    }

    [Test]
    public void Damaged_pickles_inside_a_sound_archive_are_read_or_refused()
    {
        byte[] whole = File.ReadAllBytes(Fixture("plain.pt"));
        int start = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x80, 2, (byte)'c']);
        int end = whole.AsSpan(start).IndexOf("PK"u8) + start;
        Gen.Select(Gen.Int[0, 100_000], Gen.Byte)
            .Array[1, 6]
            .Sample(
                changes =>
                {
                    byte[] damaged = [.. whole];
                    foreach ((int position, byte value) in changes)
                        damaged[start + (position % (end - start))] = value;
                    RequireReadOrRefused(damaged);
                },
                iter: 4000
            );
    }

    private static void RequireReadOrRefused(byte[] content)
    {
        try
        {
            foreach (StoredTensor tensor in PyTorchStateDict.Parse(content, "damaged.pt").Tensors.Values)
                Assert.That(tensor.Data.Length, Is.LessThan(100_000));
        }
        catch (UserErrorException refused)
        {
            Assert.That(refused.Message, Does.StartWith("damaged.pt cannot be read"));
        }
    }

    private static string Fixture(string file) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Weights", "fixtures", file);
}
