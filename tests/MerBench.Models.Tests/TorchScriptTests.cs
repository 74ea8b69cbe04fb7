using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.TorchScript;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Exported modules against what PyTorch itself answers (fixtures/make_torchscript.py).</summary>
public sealed class TorchScriptTests
{
    private static readonly LabelSpace s_emotions = new([.. Enumerable.Range(1, 8).Select(i => $"emotion {i}")]);
    private static readonly LabelSpace s_concepts = new([.. Enumerable.Range(1, 7).Select(i => $"concept {i}")]);

    [Test]
    public void Features_give_PyTorchs_emotions_concepts_and_gradient()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("torchscript_features.pt")) { ConceptOutput = "1" }, 40, 149);
        Tensor input = Ramp(2, 40, 149).requires_grad_();
        ModelOutput output = model.Forward(input);
        Compare("features", output, input);
        Assert.That(output.Concepts!.data<float>().Select(v => (double)v), Is.EqualTo(Numbers("features", "concepts")).Within(1e-5));
    }

    [Test]
    public void A_waveform_gives_PyTorchs_emotions_and_gradient()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("torchscript_waveform.pt")), 4000);
        Assert.That(model.Input, Is.EqualTo(Domain.Waveform));
        Tensor input = Ramp(2, 4000).requires_grad_();
        ModelOutput output = model.Forward(input);
        Compare("waveform", output, input);
        Assert.That(output.Concepts, Is.Null);
    }

    [Test]
    public void A_module_frozen_at_export_gives_PyTorchs_emotions_and_gradient_and_says_that_it_keeps_its_format()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(
            new TorchScriptOptions(Fixture("torchscript_frozen.pt")) { Layout = InputLayout.Bctf },
            40,
            149
        );
        using IFrozenModel form = model.Freeze(Precision.Fp32);
        Tensor input = Ramp(2, 40, 149).requires_grad_();
        Compare("frozen", form.Forward(input), input);
        Assert.That(
            () => model.Freeze(Precision.Bf16),
            Throws
                .InstanceOf<PluginUserException>()
                .With.Message.Contains("does not compute in BFloat16")
                .And.Message.Contains("leave 'precision' out")
        );
    }

    [TestCase(Precision.Bf16, 0.02)]
    [TestCase(Precision.Fp16, 0.003)]
    public void In_half_the_bits_a_copy_predicts_nearly_the_same_with_the_weights_as_they_are_now(Precision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("torchscript_features.pt")) { ConceptOutput = "1" }, 40, 149);
        using (no_grad())
            model.State["emotions.bias"].add_(1);
        Tensor input = Ramp(2, 40, 149).requires_grad_();
        using IFrozenModel half = model.Freeze(precision);
        ModelOutput exact = model.Forward(input),
            found = half.Forward(input);
        Assert.That((found.Emotion - exact.Emotion).abs().max().item<float>(), Is.InRange(1e-7, tolerance));
        Assert.That((found.Concepts! - exact.Concepts!).abs().max().item<float>(), Is.LessThan(tolerance));
        Tensor slope = autograd.grad([exact.Emotion.sum()], [input])[0],
            near = autograd.grad([found.Emotion.sum()], [input])[0];
        Assert.That(near.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(((near - slope).norm() / slope.norm()).item<float>(), Is.InRange(0, tolerance * 5));
    }

    [Test]
    public void Evaluation_mode_holds_whatever_the_host_asks_for()
    {
        using var scope = NewDisposeScope();
        using TorchScriptModel model = Build(new TorchScriptOptions(Fixture("torchscript_features.pt")), 40, 149);
        model.SetTraining(true);
        Tensor input = Ramp(2, 40, 149);
        Assert.That(
            model.Forward(input).Emotion.allclose(model.Forward(input).Emotion, rtol: 0, atol: 0),
            "The module has a dropout layer."
        );
    }

    private static IEnumerable<TestCaseData> OtherFiles()
    {
        byte[] module = File.ReadAllBytes(Fixture("torchscript_features.pt"));
        yield return new TestCaseData(File.ReadAllBytes(Fixture("make_torchscript.py")), "is no TorchScript module").SetArgDisplayNames(
            "text"
        );
        yield return new TestCaseData(Array.Empty<byte>(), "is empty").SetArgDisplayNames("empty");
        yield return new TestCaseData(module[..(module.Length / 2)], "is cut off or damaged").SetArgDisplayNames("cut");
        yield return new TestCaseData("<html>"u8.ToArray(), "is a page of the web (HTML)").SetArgDisplayNames("page");
        yield return new TestCaseData("\u0008\u0007\u0012\u0007pytorch"u8.ToArray(), "is an ONNX graph").SetArgDisplayNames("ONNX");
        yield return new TestCaseData("version https://git-lfs.github.com/spec/v1"u8.ToArray(), "is a Git LFS pointer").SetArgDisplayNames(
            "pointer"
        );
        yield return new TestCaseData(
            new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' },
            "is a safetensors file"
        ).SetArgDisplayNames("safetensors");
        yield return new TestCaseData(
            Zip(("a/data.pkl", "\u0080\u0002ccollections\nOrderedDict\n")),
            "is a state dict, as torch.save(model.state_dict()) writes it; it has no code to run: give it as 'weights'"
        ).SetArgDisplayNames("state dict");
        yield return new TestCaseData(Zip(("a/data.pkl", "\u0080\u0002}q\0(X")), "is a state dict").SetArgDisplayNames("checkpoint");
        yield return new TestCaseData(
            Zip(("a/data.pkl", "\u0080\u0002c__main__\nNet\nq\0)\u0081")),
            "is a whole pickled object of the class '__main__.Net', which Python alone can open"
        ).SetArgDisplayNames("whole module");
        const string Legacy =
            "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\u0002M\u00e9\u0003.\u0080\u0002}.\u0080\u0002";
        yield return new TestCaseData(
            Encoding.Latin1.GetBytes(Legacy + "ccollections\nOrderedDict\nq\0)R"),
            "is a state dict, as torch.save(model.state_dict()) writes it; it has no code to run: give it as 'weights'"
        ).SetArgDisplayNames("weights before 1.6");
        yield return new TestCaseData(
            Encoding.Latin1.GetBytes(Legacy + "(X\u0006\0\0\0moduleq\0c__main__\nNet\nq\u0001"),
            "is a whole pickled object of the class '__main__.Net', which Python alone can open"
        ).SetArgDisplayNames("module before 1.6");
        yield return new TestCaseData(Zip(("xl/workbook.xml", "")), "is a document of Microsoft Office").SetArgDisplayNames("workbook");
        yield return new TestCaseData(
            Zip(("a/data.pkl", ""), ("a/constants.pkl", "")),
            "cannot be loaded as TorchScript: "
        ).SetArgDisplayNames("hollow module");
    }

    [TestCaseSource(nameof(OtherFiles))]
    public void A_file_that_is_no_exported_module_is_called_what_it_is_in_one_sentence(byte[] content, string complaint)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, content);
        PluginUserException error = Assert.Throws<PluginUserException>(() => Build(new TorchScriptOptions(path), 40, 149))!;
        File.Delete(path);
        Assert.That(error.Message, Does.StartWith(path).And.Contain(complaint).And.Not.Contain("\n").And.Not.Contain("frame #"));
        Assert.That(error.Message, Has.Length.LessThan(600));
    }

    private static byte[] Zip(params (string Name, string Content)[] files)
    {
        var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, string content) in files)
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(Encoding.Latin1.GetBytes(content));
            }

        return archive.ToArray();
    }

    [Test]
    public void Another_number_of_emotions_than_the_datasets_is_refused()
    {
        PluginUserException error = Assert.Throws<PluginUserException>(() =>
            Build(new TorchScriptOptions(Fixture("torchscript_features.pt")) { Output = "1" }, 40, 149)
        )!;
        Assert.That(error.Message, Does.Contain("returns emotions of shape [2, 7] for 2 clips; expected [2, 8]: emotion 1, "));
    }

    [Test]
    public void An_output_that_is_not_there_is_refused()
    {
        PluginUserException error = Assert.Throws<PluginUserException>(() =>
            Build(new TorchScriptOptions(Fixture("torchscript_features.pt")) { ConceptOutput = "2" }, 40, 149)
        )!;
        Assert.That(error.Message, Does.Contain("has no output '2', which 'concept-output' names; there is 0 to 1"));
    }

    [Test]
    public void An_input_that_the_module_cannot_take_is_refused_with_its_shape()
    {
        PluginUserException error = Assert.Throws<PluginUserException>(() =>
            Build(new TorchScriptOptions(Fixture("torchscript_features.pt")), 40, 80)
        )!;
        Assert.That(
            error.Message,
            Does.Contain("does not take features of shape [2, 40, 80]")
                .And.Contain("See 'input', 'layout' and 'length'")
                .And.Not.Contain("\n")
        );
    }

    private static TorchScriptModel Build(TorchScriptOptions options, params long[] shape)
    {
        var model = new TorchScriptModel(options);
        model.Build(new ModelContext(s_emotions, s_concepts, shape, CPU, RandomStream.For("torchscript")));
        return model;
    }

    private static void Compare(string name, ModelOutput output, Tensor input)
    {
        Assert.That(output.Emotion.data<float>().Select(v => (double)v), Is.EqualTo(Numbers(name, "emotions")).Within(1e-5));
        Tensor gradient = autograd.grad([output.Emotion.pow(2).sum()], [input])[0];
        using JsonDocument answers = JsonDocument.Parse(File.ReadAllText(Fixture("torchscript.json")));
        Assert.That(
            gradient.norm().item<float>(),
            Is.EqualTo(answers.RootElement.GetProperty(name).GetProperty("gradient_norm").GetDouble()).Within(1e-4).Percent
        );
        Assert.That(
            gradient.flatten()[TensorIndex.Slice(0, 20)].data<float>().Select(v => (double)v),
            Is.EqualTo(Numbers(name, "gradient_start")).Within(1e-6)
        );
    }

    private static double[] Numbers(string name, string property)
    {
        using JsonDocument answers = JsonDocument.Parse(File.ReadAllText(Fixture("torchscript.json")));
        return [.. answers.RootElement.GetProperty(name).GetProperty(property).EnumerateArray().Select(v => v.GetDouble())];
    }

    private static Tensor Ramp(params long[] shape) =>
        tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => (float)(((i * 37L % 101) / 101.0) - 0.5))])
            .reshape(shape);

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name);
}
