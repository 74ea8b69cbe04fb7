using MerBench.Models.Exported.Probe;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>A head on a frozen encoder (fixtures/make_exported.py).</summary>
public sealed class ProbeTests
{
    private static readonly LabelSpace s_emotions = new(["valence", "energy"]);

    [TestCase(ProbeHeadKind.Ridge, "plain")]
    [TestCase(ProbeHeadKind.Ridge, "frames")]
    [TestCase(ProbeHeadKind.Mlp, "plain")]
    public void A_head_learns_what_embeddings_tell_and_gradients_reach_the_waveform(ProbeHeadKind head, string encoder)
    {
        using var scope = NewDisposeScope();
        using ProbeModel model = Build(new ProbeOptions(Encoder(encoder), head, Epochs: 400, LearningRate: 1e-2));
        LabelledClips training = Clips(1, 64),
            test = Clips(2, 32);
        model.Fit(training, Clips(3, 16), CancellationToken.None);
        double error = Error(model.Forward(test.Input).Emotion, test.Emotion),
            ofMean = Error(training.Emotion.mean([0], keepdim: true).expand(32, 2), test.Emotion);
        Assert.That(error, Is.LessThan(0.3 * ofMean));
        Tensor input = test.Input.clone().requires_grad_();
        Tensor gradient = autograd.grad([model.Forward(input).Emotion[.., 0].sum()], [input])[0];
        Assert.That(gradient.abs().sum([1]).gt(0).all().item<bool>());
    }

    [TestCase(ProbeHeadKind.Ridge)]
    [TestCase(ProbeHeadKind.Mlp)]
    public void The_head_alone_is_its_state_and_computes_in_float64(ProbeHeadKind head)
    {
        using var scope = NewDisposeScope();
        using ProbeModel model = Build(new ProbeOptions(Encoder("plain"), head)),
            other = Build(new ProbeOptions(Encoder("plain"), head));
        LabelledClips clips = Clips(1, 16);
        model.Fit(clips, Clips(1, 0), CancellationToken.None);
        Assert.That(model.State.Keys, Has.None.Contains("convolution"));
        foreach ((string name, Tensor value) in other.State)
            using (no_grad())
                value.copy_(model.State[name]);
        Tensor answers = model.Forward(clips.Input).Emotion;
        Assert.That(other.Forward(clips.Input).Emotion.equal(answers).all().item<bool>());
        other.ToDouble();
        Tensor exact = other.Forward(clips.Input.to(float64)).Emotion;
        Assert.That(exact.dtype, Is.EqualTo(ScalarType.Float64));
        Assert.That(exact.allclose(answers.to(float64), rtol: 1e-4, atol: 1e-5));
    }

    [Test]
    public void A_file_that_is_no_encoder_is_refused_before_anything_runs()
    {
        ModelFileReport report = new ProbeModel(new ProbeOptions(ExportedFixture.Path("make_exported.py"))).Inspect();
        Assert.That(report.Refusal, Does.StartWith(ExportedFixture.Path("make_exported.py")));
        Assert.That(new ProbeModel(new ProbeOptions(Encoder("plain"))).Inspect().Input, Is.EqualTo(Domain.Waveform));
    }

    private static ProbeModel Build(ProbeOptions options)
    {
        var model = new ProbeModel(options with { Input = Domain.Waveform });
        model.Build(new ModelContext(s_emotions, null, [2000], CPU, RandomStream.For("probe")) { SampleRate = 8000 });
        return model;
    }

    // Noise that is rated by its loudness.
    private static LabelledClips Clips(ulong seed, int count)
    {
        var random = new Generator(seed);
        Tensor loudness = rand([count, 1], generator: random) + 0.2f;
        return new LabelledClips(randn([count, 2000], generator: random) * loudness, cat([loudness, 1 - loudness], 1), null);
    }

    private static double Error(Tensor found, Tensor truth) => (found - truth).square().mean().item<float>();

    private static string Encoder(string name) => ExportedFixture.Path($"exported_{name}.pt");
}
