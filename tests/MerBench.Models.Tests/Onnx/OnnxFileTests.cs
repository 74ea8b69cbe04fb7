using System.Runtime.InteropServices;
using MerBench.Models.Exported.Onnx;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>What is said of files before anything runs, and how weights are read in each form.</summary>
public sealed class OnnxFileTests
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_graph_is_described_with_what_has_no_translation_by_name_and_node()
    {
        string path = Save(
            "unsupported.onnx",
            new CraftedGraph(17, new("Hardmax", "x -> h"), new CraftedNode("Attention", "h -> y") { Domain = "com.microsoft" })
                .Input("batch", 30, 149)
                .Metadata("sample_rate", "16000")
        );
        ModelFileReport report = new OnnxModel(new OnnxOptions(path)).Inspect();
        string facts = string.Join('\n', report.Facts.Select(f => $"{f.Name}: {f.Value}"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Refusal, Is.Null);
            Assert.That(report.HasGradients, Is.False);
            Assert.That(report.Input, Is.EqualTo(Domain.Features));
            Assert.That(facts, Does.Contain("format: ONNX, opset 17, and operators of com.microsoft"));
            Assert.That(facts, Does.Contain("input: x float32 [batch, 30, 149]").And.Contains("sample_rate: 16000"));
            Assert.That(facts, Does.Contain("operators: Hardmax 1, com.microsoft.Attention 1"));
            Assert.That(facts, Does.Contain("unsupported: Hardmax ('/Hardmax'): it has no translation"));
            Assert.That(facts, Does.Contain("unsupported: com.microsoft.Attention ('/Attention'): it is no operator of the standard"));
            Assert.That(report.Remarks.Single(), Does.Contain("OnnxRuntime answers for it"));
        }
    }

    private static IEnumerable<TestCaseData> Unusable()
    {
        byte[] whole = new CraftedGraph(17, new CraftedNode("Relu", "x -> y")).Input("batch", 4).Write();
        yield return Case("empty", [], "is empty; export the model in Python");
        yield return Case("text", "hello, this is no graph"u8.ToArray(), "is no ONNX graph");
        yield return Case("a group of bits", "no graph"u8.ToArray(), "is no ONNX graph");
        yield return Case("cut", whole[..^20], "is cut off or damaged");
        yield return Case("zip", "PK\u0003\u0004"u8.ToArray(), "is a zip archive, and no ONNX graph");
        yield return Case(
            "two inputs",
            new CraftedGraph(17, new CraftedNode("Add", "x x1 -> y")).Input("b", 4).Input("b", 4).Write(),
            "takes 2 inputs (x float32 [b, 4], x1 float32 [b, 4])"
        );
        yield return Case(
            "old",
            new CraftedGraph(6, new CraftedNode("Relu", "x -> y")).Input("b", 4).Write(),
            "has the opset 6; export it with 11 to 20"
        );
        yield return Case(
            "short weights",
            Weights(1, [5], w => CraftedGraph.Part(w, 9, new byte[8])),
            "'w' has fewer or more elements than its shape [5]"
        );
        yield return Case(
            "impossible shape",
            Weights(1, [long.MaxValue, 9], w => CraftedGraph.Part(w, 9, new byte[8])),
            "'w' has an impossible shape"
        );

        static TestCaseData Case(string name, byte[] content, string reason) => new TestCaseData(content, reason).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unusable))]
    public void A_file_that_cannot_work_is_refused_in_one_sentence(byte[] content, string reason)
    {
        string path = _folder.File("unusable.onnx");
        File.WriteAllBytes(path, content);
        string? refusal = new OnnxModel(new OnnxOptions(path)).Inspect().Refusal;
        Assert.That(refusal, Does.StartWith(path).And.Contains(reason).And.Not.Contains("\n"));
    }

    [TestCase("../outside.bin", "outside the folder of the graph")]
    [TestCase("/etc/hostname", "outside the folder of the graph")]
    [TestCase("link.bin", "outside the folder of the graph")]
    [TestCase("linked/outside.bin", "outside the folder of the graph")]
    [TestCase("absent.bin", "is not there")]
    [TestCase("short.bin", "too few")]
    public void Weights_elsewhere_are_refused_unless_they_lie_beside_the_graph(string location, string reason)
    {
        string inner = Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("n"))).FullName;
        File.WriteAllBytes(_folder.File("outside.bin"), new byte[8]);
        File.CreateSymbolicLink(Path.Combine(inner, "link.bin"), _folder.File("outside.bin"));
        Directory.CreateSymbolicLink(Path.Combine(inner, "linked"), _folder.Path);
        File.WriteAllBytes(Path.Combine(inner, "short.bin"), new byte[3]);
        string path = Path.Combine(inner, "external.onnx");
        File.WriteAllBytes(path, External(location, length: "8"));
        Assert.That(new OnnxModel(new OnnxOptions(path)).Inspect().Refusal, Does.Contain(reason).And.Contains(location));
    }

    [Test]
    public void Weights_in_a_file_beside_the_graph_are_read_at_their_place()
    {
        string path = _folder.File("beside.onnx");
        File.WriteAllBytes(path, External("beside.bin", length: "8"));
        File.WriteAllBytes(_folder.File("beside.bin"), MemoryMarshal.AsBytes((ReadOnlySpan<float>)[9, 0.5f, 2]).ToArray());
        Assert.That(Answer(path), Is.EqualTo(new[] { 0.5f, 2 }));
    }

    [TestCase(10, "raw")]
    [TestCase(10, "listed")]
    [TestCase(16, "raw")]
    [TestCase(11, "listed")]
    [TestCase(1, "listed")]
    public void Weights_of_every_width_and_form_are_read(int type, string form)
    {
        ushort[] halves = type == 10 ? [0x3800, 0x4000] : [0x3f00, 0x4000];
        byte[] file = Weights(
            type,
            [2],
            w =>
            {
                if (type == 11)
                    CraftedGraph.Part(w, 10, MemoryMarshal.AsBytes((ReadOnlySpan<double>)[0.5, 2]).ToArray());
                else if (type == 1)
                    CraftedGraph.Part(w, 4, MemoryMarshal.AsBytes((ReadOnlySpan<float>)[0.5f, 2]).ToArray());
                else if (form == "raw")
                    CraftedGraph.Part(w, 9, MemoryMarshal.AsBytes(halves.AsSpan()).ToArray());
                else
                    foreach (ushort half in halves)
                        CraftedGraph.Number(w, 5, half);
            }
        );
        string path = _folder.File("widths.onnx");
        File.WriteAllBytes(path, file);
        Assert.That(Answer(path), Is.EqualTo(new[] { 0.5f, 2 }));
    }

    // x times w, for x of ones.
    private static byte[] Weights(int type, long[] shape, Action<Google.Protobuf.CodedOutputStream> elements) =>
        new CraftedGraph(17, new CraftedNode("Mul", "x w -> y"))
            .Input("b", 2)
            .Tensor(CraftedGraph.Stored("w", type, shape, elements))
            .Write();

    private static byte[] External(string location, string length) =>
        Weights(
            1,
            [2],
            w =>
            {
                CraftedGraph.Part(w, 13, CraftedGraph.Entry("location", location));
                CraftedGraph.Part(w, 13, CraftedGraph.Entry("offset", "4"));
                CraftedGraph.Part(w, 13, CraftedGraph.Entry("length", length));
                CraftedGraph.Number(w, 14, 1);
            }
        );

    private static float[] Answer(string path)
    {
        using var scope = NewDisposeScope();
        using var module = new OnnxModule(path, GraphInspection.Read(path), CPU);
        return module.Forward(ones(1, 2)).Tensors[0].data<float>().ToArray();
    }

    private string Save(string name, CraftedGraph graph)
    {
        File.WriteAllBytes(_folder.File(name), graph.Write());
        return _folder.File(name);
    }
}
