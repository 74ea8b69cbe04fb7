using System.Diagnostics;
using MerBench.FrontEnds.Madmom;
using MerBench.Host.Arithmetic;
using MerBench.Host.Checks;
using MerBench.Host.Checks.Models;
using MerBench.Models.Baselines;
using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.TorchScript;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>
/// Predictions and gradients of the bundled models, as results are judged and as attacks see them, agree with float64 far better than the
/// check of them asks.
/// </summary>
public sealed class ArithmeticTests
{
    private const int Clips = 4,
        SampleRate = 22_050;

    // A tenth of what the check 'gradient-wrong' allows, and of 'prediction-wrong'. In a large network rounding decides a ReLU or a
    // maximum now and then: half of it for the direction.
    private const double LeastCosine = 0.9999,
        LeastCosineOfFullSize = 0.9995,
        LengthTolerance = 1e-3,
        PredictionTolerance = 1e-5;

    private static readonly LabelSpace s_emotions = new([.. Enumerable.Range(1, 8).Select(i => $"emotion {i}")]);
    private static readonly LabelSpace s_concepts = new([.. Enumerable.Range(1, 7).Select(i => $"concept {i}")]);

    public enum Kind
    {
        Direct,
        Bottleneck,
        FullSize,
        Ridge,
        TorchScript,
    }

    [Test]
    public void Bundled_models_agree_with_float64(
        [Values(Kind.Direct, Kind.Bottleneck, Kind.Ridge, Kind.TorchScript)] Kind kind,
        [Values] Domain domain
    ) => Agrees(kind, domain, Clips, 40);

    [TestCase(Domain.Features)]
    [TestCase(Domain.Waveform)]
    [Category("Slow")]
    [Explicit("Small ones run beside; run it with: dotnet test tests/MerBench.Models.Tests --filter TestCategory=Slow")]
    public void The_full_size_network_agrees_with_float64(Domain domain) => Agrees(Kind.FullSize, domain, 2, 313);

    [Test]
    public void A_module_whose_constants_name_a_format_is_compared_with_differences()
    {
        using var scope = NewDisposeScope();
        using IModel model = Build(
            new TorchScriptModel(new TorchScriptOptions(Fixture("torchscript_frozen.pt")) { Layout = InputLayout.Bctf }),
            40
        );
        Assert.That(
            DoublePrecision.Copy(
                model,
                () =>
                    Build(new TorchScriptModel(new TorchScriptOptions(Fixture("torchscript_frozen.pt")) { Layout = InputLayout.Bctf }), 40)
            ),
            Is.Null
        );
        using IFrozenModel form = ((IFreezable)model).Freeze(Precision.Fp32);
        Assert.That(
            Examination.ExamineArithmetic(
                new ModelForms(model.Forward, form.Forward, null),
                Features(Clips, 40),
                1,
                RandomStream.For("test")
            ),
            Is.Empty
        );
    }

    [TestCase(Kind.Direct)]
    [TestCase(Kind.TorchScript)]
    public void In_bf16_rounding_stays_within_what_the_check_allows(Kind kind)
    {
        using var scope = NewDisposeScope();
        using IModel model = Trained(kind, 40),
            copy = DoublePrecision.Copy(model, () => Build(Create(kind), 40))!;
        using IFrozenModel rounded = ((IFreezable)model).Freeze(Precision.Bf16);
        var probe = GradientProbe.Near(Features(Clips, 40), s_emotions.Count, RandomStream.For("test"));
        var distance = GradientDistance.Between(
            probe.Ask(rounded.Forward, ScalarType.Float32).Gradient!,
            probe.Ask(copy.Forward, ScalarType.Float64).Gradient!
        );
        TestContext.Out.WriteLine($"{kind} bf16: 1 - cosine {1 - distance.Cosine:g3}, length - 1 {distance.Length - 1:g3}");
        Assert.That(
            Examination.ExamineArithmetic(
                new ModelForms(model.Forward, model.Forward, copy.Forward) { Rounded = (rounded.Forward, Precision.Bf16) },
                probe.Input,
                1,
                RandomStream.For("test")
            ),
            Is.Empty
        );
    }

    private static void Agrees(Kind kind, Domain domain, int clips, int frames)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new MadmomLog(new MadmomLogOptions());
        using IModel model = Trained(kind, frames);
        using IFrozenModel? form = (model as IFreezable)?.Freeze(Precision.Fp32);
        long start = Stopwatch.GetTimestamp();
        using IModel copy = DoublePrecision.Copy(model, () => Build(Create(kind), frames))!;
        Func<Tensor, ModelOutput> On(Func<Tensor, ModelOutput> forward) =>
            domain == Domain.Features ? forward : waveform => forward((frontEnd.Transform(waveform) - 0.3) / 0.4);
        var forms = new ModelForms(On(model.Forward), On(form is null ? model.Forward : form.Forward), On(copy.Forward));
        Tensor input = domain == Domain.Features ? Features(clips, frames) : Waveforms(clips, frames);
        Assert.That(Examination.ExamineArithmetic(forms, input, 1, RandomStream.For("test")), Is.Empty);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var probe = GradientProbe.Near(input, s_emotions.Count, RandomStream.For("test"));
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 5; i++)
            probe.Ask(forms.Attacked, ScalarType.Float32);
        double asGradients = seconds / Stopwatch.GetElapsedTime(start).TotalSeconds * 5 * clips;
        TestContext.Out.WriteLine($"{kind} {domain}: the check takes {seconds:0.00} s, as long as {asGradients:0} gradients of one clip");
        (Tensor emotion, Tensor? gradient) = ArithmeticEvidence.AskExact(forms.Exact, probe)!.Value;
        foreach ((string name, Func<Tensor, ModelOutput> map) in new[] { ("model", forms.Judged), ("form for attacks", forms.Attacked) })
        {
            (Tensor found, Tensor? slope) = probe.Ask(map, ScalarType.Float32);
            double apart = (found - emotion).abs().max().item<double>() / Math.Max(1, emotion.abs().max().item<double>());
            var distance = GradientDistance.Between(slope!, gradient!);
            TestContext.Out.WriteLine(
                $"{kind} {domain} {name}: 1 - cosine {1 - distance.Cosine:g3}, length - 1 {distance.Length - 1:g3}, predictions {apart:g3}"
            );
            Assert.That(
                distance.IsWithin(kind == Kind.FullSize ? LeastCosineOfFullSize : LeastCosine, LengthTolerance),
                $"{name}: {distance}"
            );
            Assert.That(apart, Is.LessThan(PredictionTolerance), name);
        }

        // As of a plugin that offers no float64.
        Assert.That(Examination.ExamineArithmetic(forms with { Exact = null }, input, 1, RandomStream.For("test")), Is.Empty);
    }

    private static IModel Create(Kind kind) =>
        kind switch
        {
            Kind.Direct => new VggModel(new VggOptions(VggHead.Direct, Width: 0.125)),
            Kind.Bottleneck => new VggModel(new VggOptions(VggHead.Bottleneck, Width: 0.125)),
            Kind.FullSize => new VggModel(new VggOptions(VggHead.Direct)),
            Kind.Ridge => new RidgeModel(new RidgeOptions()),
            _ => new TorchScriptModel(new TorchScriptOptions(Fixture("torchscript_features.pt")) { ConceptOutput = "1" }),
        };

    private static IModel Build(IModel model, int frames)
    {
        model.Build(new ModelContext(s_emotions, s_concepts, [frames, 149], CPU, RandomStream.For("arithmetic")));
        model.SetTraining(false);
        return model;
    }

    // Running statistics as after a training, so that layers are neither dead nor saturated.
    private static IModel Trained(Kind kind, int frames)
    {
        IModel model = Build(Create(kind), frames);
        using var guard = no_grad();
        if (model is IFittableModel fittable)
        {
            LabelledClips training = new(Features(60, frames), rand(60, s_emotions.Count), null);
            fittable.Fit(training, training, CancellationToken.None);
        }
        else if (model is ITrainableModel)
        {
            model.SetTraining(true);
            for (int i = 0; i < 20; i++)
                model.Forward(Features(kind == Kind.FullSize ? 2 : 8, kind == Kind.FullSize ? 80 : frames));
            model.SetTraining(false);
        }

        return model;
    }

    private static Tensor Features(int clips, int frames) => GradientProbe.Normal([clips, frames, 149], RandomStream.For("features"));

    private static Tensor Waveforms(int clips, int frames)
    {
        Tensor noise = GradientProbe.Normal([clips, (int)Math.Floor((frames - 0.5) * SampleRate / 31.3)], RandomStream.For("waveforms"));
        Tensor time = arange(noise.shape[1], dtype: ScalarType.Float32) / SampleRate,
            pitches = (arange(clips, dtype: ScalarType.Float32) * 110 + 220).unsqueeze(1);
        return (0.3 * (2 * Math.PI * pitches * time).sin()) + (0.03 * noise);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name);
}
