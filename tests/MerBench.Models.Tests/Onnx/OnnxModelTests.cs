using MerBench.Models.Exported.Onnx;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>The model plugin: a small network of convolution, batch norm and a recurrent layer, as a graph.</summary>
public sealed class OnnxModelTests
{
    private const int Frames = 12,
        Bands = 5;
    private static readonly LabelSpace Emotions = new(["valence", "arousal"], 0, 1);
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TestCase("batch")]
    [TestCase(1)]
    public void It_predicts_as_OnnxRuntime_does_and_forms_for_attacks_agree(object batch)
    {
        using var scope = NewDisposeScope();
        using OnnxModel model = Built(Network(batch));
        Tensor clips = Clips();
        Tensor known = model.Forward(clips).Emotion;
        using IFrozenModel frozen = model.Freeze(Precision.Fp32),
            half = model.Freeze(Precision.Bf16);
        using var runtime = new RuntimeModule(_folder.File("network.onnx"), GraphInspection.Read(_folder.File("network.onnx")));
        Tensor expected = cat([.. clips.split(1).Select(c => runtime.Forward(c.unsqueeze(1)).Tensors[0])]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Distance(known, expected), Is.LessThan(1e-5));
            Assert.That(Distance(known, frozen.Forward(clips).Emotion), Is.LessThan(1e-6));
            Assert.That(Distance(known, half.Forward(clips).Emotion), Is.LessThan(0.02));
            Assert.That(half.Forward(clips).Emotion.dtype, Is.EqualTo(ScalarType.Float32));
        }
    }

    [Test]
    public void In_float64_it_computes_in_nothing_less()
    {
        using var scope = NewDisposeScope();
        using OnnxModel model = Built(Network("batch")),
            exact = Built(Network("batch"));
        exact.ToDouble();
        Tensor answer = exact.Forward(Clips().to(float64)).Emotion;
        Assert.That(answer.dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(exact.State.Values.Select(v => v.dtype), Is.All.EqualTo(ScalarType.Float64));
        Assert.That(Distance(answer.to(float32), model.Forward(Clips()).Emotion), Is.LessThan(1e-6));
    }

    [Test]
    public void Weights_are_state_and_forms_follow_them()
    {
        using var scope = NewDisposeScope();
        using OnnxModel model = Built(Network("batch"));
        Tensor before = model.Forward(Clips()).Emotion;
        using (no_grad())
            model.State["wo"].mul_(2);
        using IFrozenModel frozen = model.Freeze(Precision.Fp32);
        Tensor after = model.Forward(Clips()).Emotion;
        Assert.That(Distance(before, after), Is.GreaterThan(1e-3));
        Assert.That(Distance(after, frozen.Forward(Clips()).Emotion), Is.LessThan(1e-6));
    }

    [Test]
    public void Batch_norms_are_folded_away()
    {
        string path = Save(Network("batch"));
        OnnxFile file = GraphInspection.Read(path);
        using var module = new OnnxModule(path, file, CPU);
        var weights = module.State.ToDictionary(s => s.Key, s => s.Value.clone());
        OnnxGraph folded = BatchNormFolding.Fold(file.Graph, weights);
        Assert.That(file.Graph.Nodes.Select(n => n.Operator), Does.Contain("BatchNormalization"));
        Assert.That(folded.Nodes.Select(n => n.Operator), Does.Not.Contain("BatchNormalization"));
    }

    [Test]
    public void A_translation_that_differs_from_OnnxRuntime_refuses_the_model_with_figures()
    {
        using var scope = NewDisposeScope();
        string path = Save(Network("batch"));
        OnnxFile file = GraphInspection.Read(path);
        using var module = new OnnxModule(path, file, CPU);
        using var runtime = new RuntimeModule(path, file);
        using (no_grad())
            module.State["wo"].mul_(1.0001f);
        using var compared = new ComparedModule(module, runtime, isHalf: false);
        Assert.That(
            () => compared.Forward(Clips().unsqueeze(1)),
            Throws
                .TypeOf<PluginUserException>()
                .With.Message.Match("'y' differs by up to .* between torch and OnnxRuntime, where it reaches 0.")
        );
    }

    [Test]
    public void A_graph_without_translation_is_answered_by_OnnxRuntime_without_gradients()
    {
        using var scope = NewDisposeScope();
        using OnnxModel model = Built(
            new CraftedGraph(
                17,
                new("Hardmax", "x -> h", ("axis", -1)),
                new("ReduceMax", "h -> m", ("axes", new long[] { 1 }), ("keepdims", 0)),
                new("MatMul", "m w -> y")
            )
                .Weights("w", Bands, 2)
                .Input("batch", Frames, Bands)
        );
        Tensor clips = Clips().requires_grad_();
        ModelOutput answer = model.Forward(clips);
        using IFrozenModel frozen = model.Freeze(Precision.Fp32);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Inspect().HasGradients, Is.False);
            Assert.That(model.State, Is.Empty);
            Assert.That(answer.Emotion.requires_grad, Is.False);
            Assert.That(Distance(answer.Emotion, frozen.Forward(clips).Emotion), Is.Zero);
            Assert.That(model.ToDouble, Throws.TypeOf<PluginUserException>().With.Message.Contains("OnnxRuntime answers for it"));
        }
    }

    [Test]
    public void Another_length_than_the_graph_was_exported_for_is_named()
    {
        using var scope = NewDisposeScope();
        var graph = new CraftedGraph(
            17,
            new("ReduceMean", "x -> m", ("axes", new long[] { 1 }), ("keepdims", 0)),
            new("MatMul", "m w -> y")
        )
            .Weights("w", Bands, 2)
            .Input("batch", 99, Bands);
        Assert.That(
            () => Built(graph),
            Throws
                .TypeOf<PluginUserException>()
                .With.Message.Contains("it was exported for inputs x float32 [batch, 99, 5], and is given [2, 12, 5]")
        );
    }

    private static CraftedGraph Network(object batch) =>
        new CraftedGraph(
            14,
            new("Conv", "x w b -> c", ("pads", new long[] { 1, 1, 1, 1 })),
            new("BatchNormalization", "c g bn m var -> n"),
            new("Relu", "n -> r"),
            new("ReduceMean", "r -> f", ("axes", new long[] { 3 }), ("keepdims", 0)),
            new("Transpose", "f -> t", ("perm", new long[] { 2, 0, 1 })),
            new("GRU", "t wg rg bg -> s h", ("hidden_size", 4), ("linear_before_reset", 1)),
            new("Squeeze", "h axis -> q"),
            new("Gemm", "q wo -> o"),
            new("Sigmoid", "o -> y")
        )
            .Weights("w", 3, 1, 3, 3)
            .Weights("b", 3)
            .Weights("g", 3)
            .Weights("bn", 3)
            .Weights("m", 3)
            .Weights("var", 3)
            .Weights("wg", 1, 12, 3)
            .Weights("rg", 1, 12, 4)
            .Weights("bg", 1, 24)
            .Longs("axis", 0)
            .Weights("wo", 4, 2)
            .Input(batch, 1, Frames, Bands);

    private static Tensor Clips() => sin(arange(3 * Frames * Bands, float32).mul(0.37)).reshape(3, Frames, Bands);

    private static double Distance(Tensor a, Tensor b) => a.sub(b).abs().max().item<float>();

    private string Save(CraftedGraph graph)
    {
        string path = _folder.File("network.onnx");
        File.WriteAllBytes(path, graph.Write());
        return path;
    }

    private OnnxModel Built(CraftedGraph graph)
    {
        var model = new OnnxModel(new OnnxOptions(Save(graph)));
        model.Build(new ModelContext(Emotions, null, [Frames, Bands], CPU, RandomStream.For("onnx")));
        return model;
    }
}
