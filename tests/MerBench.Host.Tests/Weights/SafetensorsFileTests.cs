using System.Text;
using CsCheck;
using MerBench.Host;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class SafetensorsFileTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("merbench").FullName;

    private string Target => Path.Combine(_folder, "weights.safetensors");

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_is_written_is_read_back()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>
        {
            ["b.weight"] = randn(3, 4).t(),
            ["a"] = tensor(1.5),
            ["z"] = zeros(0, 2),
            ["flags"] = tensor(new[] { true, false, true }),
            ["counter"] = tensor(7L),
            ["half"] = randn(3).to(float16),
            ["brain"] = randn(3).to(bfloat16),
            ["bytes"] = tensor(new byte[] { 1, 2, 3 }),
        };
        WeightsFile.Save(state, Target, new Dictionary<string, string> { ["seed"] = "6", ["model"] = "né" });
        SafetensorsFile read = SafetensorsFile.Read(Target);
        Assert.That(read.Tensors.Keys, Is.EquivalentTo(state.Keys));
        Assert.That(read.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["seed"] = "6", ["model"] = "né" }));
        foreach ((string name, Tensor value) in state)
        {
            Assert.That(read.Tensors[name].Type, Is.EqualTo(value.dtype), name);
            Assert.That(read.Tensors[name].Shape, Is.EqualTo(value.shape), name);
            Assert.That(read.Tensors[name].ToTensor().equal(value).all().item<bool>(), Is.True, name);
        }
    }

    [Test]
    public void The_bytes_depend_on_the_content_only_and_no_temporary_file_stays()
    {
        StoredTensor one = new(ScalarType.Byte, [3], new byte[] { 1, 2, 3 }),
            two = new(ScalarType.Int32, [1], new byte[] { 4, 5, 6, 7 });
        byte[] Written(params (string Name, StoredTensor Tensor)[] order)
        {
            SafetensorsFile.Write(Target, order.ToDictionary(o => o.Name, o => o.Tensor), new Dictionary<string, string> { ["k"] = "v" });
            return File.ReadAllBytes(Target);
        }

        byte[] bytes = Written(("a", one), ("b", two));
        Assert.That(Written(("b", two), ("a", one)), Is.EqualTo(bytes));
        const string Header =
            """{"__metadata__":{"k":"v"},"a":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},"b":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""";
        int padded = (Header.Length + 7) / 8 * 8;
        Assert.That(
            bytes,
            Is.EqualTo(
                (byte[])[.. BitConverter.GetBytes((long)padded), .. Encoding.UTF8.GetBytes(Header.PadRight(padded)), 4, 5, 6, 7, 1, 2, 3]
            )
        );
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fit its 4 bytes")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 0, "outside the file's 0 bytes")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 6, "2 bytes at its end")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "hole")]
    [TestCase(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""",
        6,
        "overlap"
    )]
    [TestCase("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "type 'C64'")]
    [TestCase("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "does not fit")]
    [TestCase("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "does not fit")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "no 'data_offsets'")]
    [TestCase("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "JSON")]
    [TestCase("""{"a":[]}""", 0, "JSON")]
    [TestCase("""{"a":{""", 0, "JSON")]
    public void A_malformed_file_is_refused_with_its_reason(string header, int values, string reason)
    {
        byte[] file = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[values]];
        Assert.That(
            Assert.Throws<UserErrorException>(() => SafetensorsFile.Parse(file, "bad.safetensors"))!.Message,
            Does.Contain(reason).And.Contain("bad.safetensors")
        );
    }

    [Test]
    public void A_damaged_file_is_read_or_refused_but_never_breaks_anything()
    {
        SafetensorsFile.Write(
            Target,
            new Dictionary<string, StoredTensor>
            {
                ["a"] = new(ScalarType.Float32, [2, 2], new byte[16]),
                ["b"] = new(ScalarType.Int64, [1], new byte[8]),
            }
        );
        byte[] whole = File.ReadAllBytes(Target);
        Gen.Select(Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[0, 4], Gen.Int[0, whole.Length])
            .Sample(
                (changes, length) =>
                {
                    byte[] damaged = [.. whole];
                    foreach ((int position, byte value) in changes)
                        damaged[position] = value;
                    try
                    {
                        SafetensorsFile.Parse(changes.Length > 2 ? damaged[..length] : damaged, "damaged");
                    }
                    catch (UserErrorException refused)
                    {
                        Assert.That(refused.Message, Does.StartWith("damaged is not a valid safetensors file"));
                    }
                },
                iter: 4000
            );
    }
}
