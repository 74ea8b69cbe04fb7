using MerBench.Models.Baselines;
using MerBench.Models.Vgg;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>With channels filled up to whole blocks, <c>vgg</c> is the same function with the same parameters.</summary>
public sealed class ChannelBlocksTests
{
    private const int Frames = 40,
        Bands = 30;

    private static readonly ChannelBlocks s_none = new(1),
        s_sixteen = new(16);

    // 3, 8 and 24 channels in the first layer; 8, 20 and 96 in others.
    [TestCase(0.04)]
    [TestCase(0.125)]
    [TestCase(0.375)]
    public void Predictions_and_all_gradients_are_the_same(double width)
    {
        using var scope = NewDisposeScope();
        Assert.That(Distance(width, ScalarType.Float64), Is.LessThan(1e-12));
        Assert.That(Distance(width, ScalarType.Float32), Is.LessThan(1e-4), "rounding");

        static double Distance(double width, ScalarType type)
        {
            IReadOnlyDictionary<string, Tensor> plain = Results(s_none, width, type),
                filled = Results(s_sixteen, width, type);
            Assert.That(filled.Keys, Is.EqualTo(plain.Keys));
            double largest = plain.Values.Max(Largest);
            return plain.Max(p => Largest(filled[p.Key] - p.Value) / largest);
        }
    }

    [Test]
    public void Training_takes_the_same_steps()
    {
        using var scope = NewDisposeScope();
        (VggNetwork plain, VggNetwork filled) = (Network(s_none, 0.125, ScalarType.Float64), Network(s_sixteen, 0.125, ScalarType.Float64));
        double[] expected = Train(plain),
            found = Train(filled);
        Assert.That(found, Is.EqualTo(expected).Within(1e-9));
        Assert.That(expected[^1], Is.LessThan(expected[0]), "it learns");
        foreach ((string name, Tensor value) in plain.state_dict())
            Assert.That(Largest(filled.state_dict()[name] - value), Is.LessThan(1e-8), name);

        static double[] Train(VggNetwork network)
        {
            network.train();
            using var adam = optim.Adam(network.parameters(), lr: 1e-3);
            manual_seed(5);
            Tensor input = randn(6, 1, Frames, Bands, dtype: float64),
                ratings = rand(6, 2, dtype: float64);
            var losses = new double[6];
            for (int i = 0; i < losses.Length; i++)
            {
                adam.zero_grad();
                Tensor loss = (network.call(input).Emotion - ratings).square().mean();
                loss.backward();
                adam.step();
                losses[i] = loss.item<double>();
            }

            return losses;
        }
    }

    [Test]
    public void The_state_is_the_same()
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> plain = Network(s_none, 0.125, ScalarType.Float32).state_dict(),
            filled = Network(s_sixteen, 0.125, ScalarType.Float32).state_dict();
        Assert.That(filled.Keys, Is.EqualTo(plain.Keys));
        foreach ((string name, Tensor value) in plain)
            Assert.That(filled[name].Equals(value), name);
    }

    /// <summary>Modules of convolutions are called only where they are computed as they are.</summary>
    [TestCase(1, 0, 9)]
    [TestCase(0.25, 0, 9)]
    [TestCase(0.125, 3, 6)]
    [TestCase(0.04, 9, 0)]
    public void Whole_layers_are_computed_as_they_are_and_the_others_filled(double width, int filled, int whole)
    {
        using var scope = NewDisposeScope();
        VggNetwork network = Network(s_sixteen, width, ScalarType.Float32);
        Conv2d[] convolutions = [.. network.modules().OfType<Conv2d>()];
        var called = new List<Conv2d>();
        foreach (Conv2d convolution in convolutions)
        {
            convolution.register_forward_hook(
                (_, _, output) =>
                {
                    called.Add(convolution);
                    return output;
                }
            );
        }

        using (no_grad())
            network.call(randn(1, 1, Frames, Bands));
        Assert.That((convolutions.Length - called.Count, called.Count), Is.EqualTo((filled, whole)));
        Assert.That(called.Select(c => c.out_channels % 16), Is.All.Zero);
        Assert.That(called.Select(c => c.in_channels).Where(c => c != 1).Select(c => c % 16), Is.All.Zero);
        foreach (Conv2d convolution in convolutions.Except(called))
        {
            Tensor filters = s_sixteen.FillFilters(convolution.weight!);
            Assert.That((filters.shape[0] % 16, filters.shape[1] == 1 ? 0 : filters.shape[1] % 16), Is.EqualTo((0, 0)));
        }
    }

    [Test]
    public void Whole_blocks_change_no_bit()
    {
        using var scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> plain = Results(s_none, 0.25, ScalarType.Float32),
            filled = Results(s_sixteen, 0.25, ScalarType.Float32);
        foreach ((string name, Tensor value) in plain)
            Assert.That(filled[name].Equals(value), name);
    }

    [TestCase(Precision.Fp32, 1e-5)]
    [TestCase(Precision.Bf16, 0.02)]
    public void The_form_for_attacks_fills_them_too(Precision precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        VggNetwork plain = Network(s_none, 0.125, ScalarType.Float32),
            filled = Network(s_sixteen, 0.125, ScalarType.Float32);
        Tensor input = randn(2, Frames, Bands);
        (Tensor expected, Tensor gradient) = Attacked(plain);
        (Tensor found, Tensor foundGradient) = Attacked(filled);
        Assert.That(((found - expected).norm() / expected.norm()).item<float>(), Is.LessThan(tolerance));
        Assert.That(((foundGradient - gradient).norm() / gradient.norm()).item<float>(), Is.LessThan(tolerance));

        (Tensor, Tensor) Attacked(VggNetwork network)
        {
            using var form = new FrozenVgg(network, false, precision, new AlgorithmChoices(Frames, Bands, 0, (_, measure) => measure()));
            Assert.That(
                form.Algorithms,
                Has.Some.EqualTo(new LayerAlgorithms(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Direct)),
                "some are convolved directly"
            );
            Tensor x = input.detach().requires_grad_();
            Tensor prediction = form.Forward(x).Emotion;
            return (prediction.detach(), autograd.grad([prediction.sum()], [x])[0]);
        }
    }

    [Test]
    public void The_models_that_promise_it_say_so()
    {
        Type[] models = [typeof(VggModel), typeof(RidgeModel)];
        IEnumerable<object> attributes = models.SelectMany(m => m.GetCustomAttributes(typeof(ModelAttribute), false));
        Assert.That(attributes.Cast<ModelAttribute>().Select(a => a.FillsChannelBlocks), Is.EqualTo(new[] { true, true }));
    }

    private static double Largest(Tensor values) => values.abs().max().to(float64).item<double>();

    private static VggNetwork Network(ChannelBlocks blocks, double width, ScalarType type)
    {
        manual_seed(1);
        var network = new VggNetwork(2, null, width, 0, blocks);
        network.to(type);
        return network;
    }

    private static Dictionary<string, Tensor> Results(ChannelBlocks blocks, double width, ScalarType type)
    {
        VggNetwork network = Network(blocks, width, type);
        manual_seed(4);
        Tensor input = randn(3, 1, Frames, Bands).to(type).requires_grad_();
        Tensor prediction = network.call(input).Emotion;
        prediction.square().sum().backward();
        var results = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!, StringComparer.Ordinal);
        results.Add("prediction", prediction.detach());
        results.Add("input", input.grad!);
        return results;
    }
}
