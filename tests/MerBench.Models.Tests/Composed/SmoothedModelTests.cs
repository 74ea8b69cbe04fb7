using MerBench.Models.Composed.Smoothing;
using static TorchSharp.torch;

namespace MerBench.Tests.Composed;

/// <summary>Certificates of models whose median under noise is known in closed form.</summary>
public sealed class SmoothedModelTests
{
    private const int Values = 20;
    private const double Noise = 0.5;
    private const double Radius = 0.4;
    private const double Confidence = 0.9;
    private const int Repetitions = 400;

    // Of the mean of squares of x + 0.5 n, with |x| = 3 and 20 values: sigma^2 / 20 times the median of a noncentral chi-squared
    // distribution with 20 degrees of freedom and (|x| / sigma)^2 (scipy 1.10, stats.ncx2.ppf); at |x| = 3.4 and 2.6 its extremes.
    private const double MedianOfSquares = 0.6883807385775753;
    private const double LargestOfSquares = 0.816217439385657;
    private const double SmallestOfSquares = 0.5765995749057046;

    private static readonly LabelSpace s_emotions = new(["valence", "energy"]);

    [Test]
    public void What_a_linear_model_can_reach_lies_within_its_certificate_as_often_as_promised()
    {
        using var scope = NewDisposeScope();
        Tensor weight = Weight();
        Tensor clip = Clip();
        double[] median = Numbers(weight.mv(clip));
        double[] reach = [.. Enumerable.Range(0, 2).Select(e => weight[e].norm().item<float>() * Radius)];
        using SmoothedModel model = Build(x => x.mm(weight.t()));
        int held = CountHeld(
            model,
            clip,
            ranges => ranges.Select((r, e) => Holds(r, median[e] - reach[e], median[e] + reach[e])).All(h => h)
        );
        // Three standard deviations of a binomial below what is promised.
        Assert.That(held / (double)Repetitions, Is.GreaterThan(Confidence - (3 * Math.Sqrt(Confidence * (1 - Confidence) / Repetitions))));
    }

    [Test]
    public void The_same_holds_of_a_quadratic_one()
    {
        using var scope = NewDisposeScope();
        Tensor clip = Clip();
        Func<Tensor, Tensor> squares = x => x.square().mean([1]).unsqueeze(1).repeat(1, 2);
        using SmoothedModel model = Build(squares),
            exact = Build(squares, samples: 100_000);
        int held = CountHeld(model, clip, ranges => ranges.All(r => Holds(r, SmallestOfSquares, LargestOfSquares)));
        Assert.That(held / (double)Repetitions, Is.GreaterThan(Confidence - (3 * Math.Sqrt(Confidence * (1 - Confidence) / Repetitions))));
        PredictionRange still = exact.Certify(clip.unsqueeze(0), [RandomStream.For("still")], default)[0].Bound(Norm.L2, 0)![0];
        Assert.That((still.Lower, still.Upper), Is.EqualTo((MedianOfSquares, MedianOfSquares)).Within(0.005));
    }

    [Test]
    public void A_certificate_is_no_wider_than_the_draws_leave_open()
    {
        using var scope = NewDisposeScope();
        Tensor weight = Weight();
        using SmoothedModel model = Build(x => x.mm(weight.t()), samples: 100_000);
        ICertificate certificate = model.Certify(Clip().unsqueeze(0), [RandomStream.For("narrow")], default)[0];
        double exact = 2 * weight[0].norm().item<float>() * Radius;
        Assert.That(certificate.Bound(Norm.L2, Radius)![0].Width, Is.EqualTo(exact).Within(3).Percent);
        Assert.That(certificate.Bound(Norm.L2, 10)![0].Width, Is.EqualTo(double.PositiveInfinity), "no draw tells of that");
        Assert.That(certificate.Bound(Norm.Linf, Radius), Is.Null);
    }

    [Test]
    public void Predictions_depend_neither_on_the_batch_nor_on_the_call_and_have_gradients()
    {
        using var scope = NewDisposeScope();
        Tensor weight = Weight();
        using SmoothedModel model = Build(x => x.mm(weight.t()).sigmoid());
        Tensor clips = randn(5, Values, generator: new Generator(2));
        Tensor whole = model.Forward(clips).Emotion;
        Assert.That(whole.Equals(model.Forward(clips).Emotion));
        Assert.That(cat([model.Forward(clips[..2]).Emotion, model.Forward(clips[2..]).Emotion]).allclose(whole, rtol: 1e-6, atol: 1e-7));
        using IFrozenModel form = model.Freeze(Precision.Fp32);
        Tensor asked = clips.detach().requires_grad_();
        Assert.That(autograd.grad([form.Forward(asked).Emotion.sum()], [asked])[0].norm().item<float>(), Is.GreaterThan(0.01));
        Assert.That(((ISampledForm)form).Samples, Is.EqualTo(8));
    }

    [Test]
    public void Noise_of_features_cannot_be_added_in_front_of_a_model_of_waveforms()
    {
        using var model = new SmoothedModel(new SmoothedOptions("inner", Noise, Input: Domain.Features));
        Assert.That(
            () => model.Compose([Part(x => x, Domain.Waveform)]),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("'inner' reads waveforms")
        );
    }

    private static int CountHeld(SmoothedModel model, Tensor clip, Func<IReadOnlyList<PredictionRange>, bool> holds) =>
        Enumerable
            .Range(0, Repetitions)
            .Count(i =>
                holds(model.Certify(clip.unsqueeze(0), [RandomStream.For("coverage", $"{i}")], default)[0].Bound(Norm.L2, Radius)!)
            );

    // Sums in float32 round.
    private static bool Holds(PredictionRange range, double from, double to) => range.Lower <= from + 1e-6 && range.Upper >= to - 1e-6;

    private static SmoothedModel Build(Func<Tensor, Tensor> inner, int samples = 300)
    {
        var model = new SmoothedModel(new SmoothedOptions("inner", Noise, samples, Confidence));
        model.Compose([Part(inner, Domain.Features)]);
        model.Build(new ModelContext(s_emotions, null, [Values], CPU, RandomStream.For("smoothed")));
        return model;
    }

    private static ModelPart Part(Func<Tensor, Tensor> inner, Domain input)
    {
        Func<Tensor, ModelOutput> map = x => new ModelOutput(inner(x));
        return new ModelPart("inner", input, _ => map, (_, _) => map);
    }

    private static Tensor Weight() => randn(2, Values, generator: new Generator(1)) / Math.Sqrt(Values);

    private static Tensor Clip()
    {
        Tensor direction = randn([Values], generator: new Generator(3));
        return direction * (3 / direction.norm());
    }

    private static double[] Numbers(Tensor values) => values.to(float64).data<double>().ToArray();
}
