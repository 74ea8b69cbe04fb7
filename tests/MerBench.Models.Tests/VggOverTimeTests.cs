using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>The network with a head over time.</summary>
public sealed class VggOverTimeTests
{
    private const int Frames = 64,
        Bands = 40;

    private static readonly LabelSpace s_emotions = new(["valence", "energy"]);
    private static readonly LabelSpace s_concepts = new(["dissonance", "stability", "melody"]);

    [TestCase(VggHead.Direct)]
    [TestCase(VggHead.Bottleneck)]
    public void Its_mean_over_time_is_what_the_same_weights_predict_of_the_whole_clip(VggHead head)
    {
        using var scope = NewDisposeScope();
        using VggModel whole = Build(head, overTime: false),
            over = Build(head, overTime: true);
        Tensor clips = Clips();
        ModelOutput expected = whole.Forward(clips),
            found = over.Forward(clips);
        Assert.That(found.Emotion.shape, Is.EqualTo(new long[] { 3, Frames / 8, 2 }));
        // Layers behind the pooling are linear.
        Assert.That(found.Emotion.mean([1]).allclose(expected.Emotion, 1e-5, 1e-6));
        if (expected.Concepts is { } concepts)
            Assert.That(found.Concepts!.allclose(concepts, 1e-5, 1e-6));
        Assert.That((found.Emotion[0, 0] - found.Emotion[0, -1]).abs().sum().item<float>(), Is.GreaterThan(1e-4), "moments differ");
    }

    [TestCase(Precision.Fp32, 1e-5)]
    [TestCase(Precision.Bf16, 0.05)]
    public void Its_form_for_attacks_predicts_the_same(Precision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Build(VggHead.Bottleneck, overTime: true);
        using IFrozenModel frozen = model.Freeze(precision);
        Tensor clips = Clips();
        ModelOutput expected = model.Forward(clips),
            found = frozen.Forward(clips);
        Assert.That((found.Emotion - expected.Emotion).abs().max().item<float>(), Is.LessThan(tolerance));
        Assert.That((found.Concepts! - expected.Concepts!).abs().max().item<float>(), Is.LessThan(tolerance));
    }

    [Test]
    public void It_proves_nothing_over_time() =>
        Assert.That(
            () => Build(VggHead.Direct, overTime: true, certify: true),
            Throws.TypeOf<PluginUserException>().With.Message.Contains("'certify' proves predictions of clips as wholes")
        );

    private static Tensor Clips()
    {
        using var generator = new Generator(3);
        return randn([3, Frames, Bands], generator: generator);
    }

    private static VggModel Build(VggHead head, bool overTime, bool certify = false)
    {
        var model = new VggModel(new VggOptions(head, Width: 0.125, Certify: certify, OverTime: overTime));
        model.Build(new ModelContext(s_emotions, s_concepts, [Frames, Bands], CPU, RandomStream.For("over time")));
        return model;
    }
}
