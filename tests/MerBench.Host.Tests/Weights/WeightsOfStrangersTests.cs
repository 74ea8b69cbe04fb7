using System.Diagnostics;
using System.Text;
using MerBench.Host;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Files that claim to be weights: refused by what they are, in one sentence, within bounds of memory and time.</summary>
public sealed class WeightsOfStrangersTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("merbench").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<TestCaseData> Bombs()
    {
        byte[] zeros = new byte[400_000];
        // A shape is pickled once and asked for a thousand times.
        yield return Bomb(
            "shapes",
            CraftedArchive.Pickle("}(", CraftedArchive.View("FloatStorage", 1, new int[200_000], new int[200_000]), "u"),
            "200 000 dimensions"
        );
        yield return Bomb("dicts", CraftedArchive.Pickle(new string('}', 2_000_000)), "many times that of memory");
        yield return Bomb("lists", CraftedArchive.Pickle("(", new string(']', 2_000_000), "t"), "many times that of memory");
        yield return Bomb("memo", CraftedArchive.Pickle("N", new string('\u0094', 2_000_000)), "it holds None");
        yield return Bomb("tensors", Repeated(), "many times that of memory");
        yield return Bomb("keys that collide", Colliding(), "its entry '0' is None, not a tensor");
        yield return new TestCaseData(
            CraftedArchive.Zip([
                ("a/data.pkl", CraftedArchive.Pickle("}(", CraftedArchive.Text("w"), Views(1000), "u")),
                .. Enumerable.Range(0, 1000).Select(i => ($"a/data/{i:0000}", zeros)),
            ]),
            "files that overlap"
        ).SetArgDisplayNames("entries on one payload");
        yield return new TestCaseData(
            CraftedArchive.Zip([
                (
                    "a/data.pkl",
                    CraftedArchive.Pickle(
                        "}(",
                        (byte[])
                            [
                                .. Enumerable
                                    .Range(0, 50)
                                    .SelectMany(i =>
                                        (byte[])
                                            [
                                                .. CraftedArchive.Text($"w{i}"),
                                                .. CraftedArchive.View("ByteStorage", 400_000, [400, 1000], [1, 400]),
                                            ]
                                    ),
                            ],
                        "u"
                    )
                ),
                ("a/data/0", zeros),
            ]),
            "views of shared storages"
        ).SetArgDisplayNames("gathers");

        static TestCaseData Bomb(string name, byte[] pickle, string reason) =>
            new TestCaseData(CraftedArchive.Zip(("a/data.pkl", pickle), ("a/data/0", new byte[4])), reason).SetArgDisplayNames(name);

        // The function, its arguments and the call cost five bytes a tensor.
        static byte[] Repeated()
        {
            byte[] view = CraftedArchive.View("FloatStorage", 1, [1, 1, 1, 1], [1, 1, 1, 1]);
            return CraftedArchive.Pickle(
                "ctorch._utils\n_rebuild_tensor_v2\nq\u0000",
                view["ctorch._utils\n_rebuild_tensor_v2\n".Length..^1],
                "q\u0001R",
                string.Concat(Enumerable.Repeat("h\0h\u0001R", 300_000))
            );
        }

        static byte[] Colliding()
        {
            var keys = new MemoryStream();
            for (long i = 0; i < 100_000; i++)
                keys.Write([0x8a, 8, .. BitConverter.GetBytes((i << 32) | i), (byte)'N']);
            return CraftedArchive.Pickle("}(", keys.ToArray(), "u");
        }

        static byte[] Views(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .SelectMany(i =>
                        (byte[])
                            [
                                .. i == 0 ? [] : CraftedArchive.Text($"w{i}"),
                                .. Encoding.Latin1.GetBytes(
                                    Encoding
                                        .Latin1.GetString(CraftedArchive.View("FloatStorage", 100_000, [1], [1]))
                                        .Replace("X\u0001\0\0\00", $"X\u0004\0\0\0{i:0000}", StringComparison.Ordinal)
                                ),
                            ]
                    ),
            ];
    }

    [TestCaseSource(nameof(Bombs))]
    public void A_file_takes_memory_and_time_by_its_length_whatever_it_claims(byte[] content, string reason)
    {
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<UserErrorException>(() => PyTorchStateDict.Parse(content, "bomb.pt"));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused!.Message, Does.StartWith("bomb.pt cannot be read as PyTorch weights: ").And.Contains(reason));
            Assert.That(refused.Message, Has.Length.LessThan(400));
            Assert.That(allocated, Is.LessThan((64L << 20) + (64L * content.Length)));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        }
    }

    [Test]
    public void A_crafted_archive_is_read_where_it_is_sound()
    {
        byte[] numbers = [.. Enumerable.Range(0, 6).Select(i => (byte)i)];
        byte[] content = CraftedArchive.Zip(
            (
                "a/data.pkl",
                CraftedArchive.Pickle(
                    "}(",
                    CraftedArchive.Text("t"),
                    CraftedArchive.View("ByteStorage", 6, [1, 3, 1, 2], [9, 1, 9, 3]),
                    "u"
                )
            ),
            ("a/data/0", numbers)
        );
        Assert.That(PyTorchStateDict.Parse(content, "sound.pt").Tensors["t"].Data.ToArray(), Is.EqualTo(new byte[] { 0, 3, 1, 4, 2, 5 }));
    }

    private static IEnumerable<TestCaseData> OtherFiles()
    {
        yield return Other("", "is empty");
        yield return Other("\u0089HDF\r\n\u001a\n", "is an HDF5 file");
        yield return Other("\u0008\u0007\u0012\u0007pytorch", "is an ONNX graph");
        yield return Other("<!DOCTYPE html><html>", "is a page of the web (HTML)");
        yield return Other("version https://git-lfs.github.com/spec/v1\noid sha256:", "is a Git LFS pointer");
        yield return Other("\u001f\u008b\u0008", "is a gzip archive");
        yield return Other("GGUF\u0003", "is a GGUF model");
        yield return Other("\u0093NUMPY\u0001", "is a NumPy array");
        yield return Other("\u0080\u0004\u0095", "is a Python pickle that torch.save did not write");
        yield return Other("PK\u0003\u0004 and then nothing", "is cut off: the end of its zip archive is missing");
        yield return new TestCaseData(
            CraftedArchive.Zip(("[Content_Types].xml", [1]), ("xl/workbook.xml", [1])),
            "is a document of Microsoft Office"
        );
        yield return new TestCaseData(
            CraftedArchive.Zip(Enumerable.Range(0, 50).Select(i => ($"holiday{i}.jpg", new byte[] { 1 }))),
            "it holds holiday0.jpg, holiday1.jpg, holiday2.jpg, holiday3.jpg, holiday4.jpg and 45 more"
        );
        yield return new TestCaseData(
            CraftedArchive.Zip(("m/data.pkl", CraftedArchive.Pickle("c__main__\nNet\n)\u0081}b"))),
            "is a whole pickled object of the class '__main__.Net'"
        );

        static TestCaseData Other(string content, string reason) => new(Encoding.Latin1.GetBytes(content), reason);
    }

    [TestCaseSource(nameof(OtherFiles))]
    public void A_file_of_another_kind_is_called_what_it_is(byte[] content, string reason)
    {
        string file = Path.Combine(_folder, "other.pt");
        File.WriteAllBytes(file, content);
        string message = Assert.Throws<UserErrorException>(() => WeightsFile.Read(file))!.Message;
        Assert.That(message, Does.StartWith(file).And.Contains(reason).And.Not.Contains("\n"));
        Assert.That(message, Has.Length.LessThan(600));
    }

    [TestCase("module.")]
    [TestCase("_orig_mod.")]
    [TestCase("model.")]
    [TestCase("module._orig_mod.net.")]
    public void What_a_wrapper_put_before_all_names_is_taken_off_and_said(string prefix)
    {
        using var scope = NewDisposeScope();
        string file = Path.Combine(_folder, "wrapped.safetensors");
        WeightsFile.Save(new Dictionary<string, Tensor> { [prefix + "0.weight"] = ones(2, 3), [prefix + "0.bias"] = ones(2) }, file);
        using var network = nn.Sequential(nn.Linear(3, 2));
        Assert.That(WeightsFile.LoadInto(network.state_dict(), file).Prefix, Is.EqualTo(prefix));
        Assert.That(network.state_dict()["0.weight"].sum().item<float>(), Is.EqualTo(6));
    }

    [Test]
    public void A_prefix_that_the_model_has_as_well_stays()
    {
        using var scope = NewDisposeScope();
        string file = Path.Combine(_folder, "same.safetensors");
        var state = new Dictionary<string, Tensor> { ["net.weight"] = ones(2), ["net.bias"] = ones(2) };
        WeightsFile.Save(state, file);
        Assert.That(WeightsFile.LoadInto(state, file).Prefix, Is.Empty);
    }

    [Test]
    public void Fifty_thousand_names_are_cut_with_a_count_and_their_control_characters_escaped()
    {
        using var scope = NewDisposeScope();
        string file = Path.Combine(_folder, "many.safetensors");
        SafetensorsFile.Write(
            file,
            Enumerable
                .Range(0, 50_000)
                .ToDictionary(i => $"\u001b[31m{i:00000}\r\n", _ => new StoredTensor(ScalarType.Byte, [1], new byte[1]))
        );
        string message = Assert
            .Throws<UserErrorException>(() => WeightsFile.LoadInto(new Dictionary<string, Tensor> { ["w"] = zeros(1) }, file))!
            .Message;
        Assert.That(message, Has.Length.LessThan(800));
        Assert.That(message, Does.Contain(@"unexpected: \u001b[31m00000\r\n").And.Contains("and 49 995 more"));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[DIMENSIONS],"data_offsets":[0,0]}}""", "100 000 dimensions")]
    [TestCase("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[DIMENSIONS]}}""", "no two data_offsets")]
    [TestCase("""{"\u001b]0;x\u0007":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", @"'\u001b]0;x\u0007' of shape")]
    public void A_header_of_safetensors_that_claims_too_much_is_refused(string header, string reason)
    {
        byte[] json = Encoding.UTF8.GetBytes(header.Replace("DIMENSIONS", string.Join(',', new int[100_000]), StringComparison.Ordinal));
        byte[] content = [.. BitConverter.GetBytes((long)json.Length), .. json, 0, 0, 0, 0];
        string message = Assert.Throws<UserErrorException>(() => SafetensorsFile.Parse(content, "f.safetensors"))!.Message;
        Assert.That(message, Does.Contain(reason));
        Assert.That(message, Has.Length.LessThan(400));
    }
}
