using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>The attack form takes the fastest algorithm of those that are right.</summary>
internal sealed class AlgorithmProbeTests
{
    private static readonly ConvolutionMaker s_maker = new(ScalarType.Float32, new ChannelBlocks(1));

    [TestCase(ConvolutionAlgorithm.Direct)]
    [TestCase(ConvolutionAlgorithm.Tiles)]
    public void One_that_is_wrong_is_not_chosen_though_the_rule_names_it(ConvolutionAlgorithm wrong)
    {
        using var scope = NewDisposeScope();
        foreach (LayerDirection direction in Directions(32, 40))
        {
            var probe = new AlgorithmProbe(
                (algorithm, filters) =>
                    algorithm == wrong ? new LastChannelsUnset(s_maker.Make(algorithm, filters)) : s_maker.Make(algorithm, filters)
            );
            ConvolutionAlgorithm chosen = probe.Choose(direction, byRule: wrong, ScalarType.Float32);
            Assert.That(
                chosen,
                Is.EqualTo(wrong == ConvolutionAlgorithm.Direct ? ConvolutionAlgorithm.Tiles : ConvolutionAlgorithm.Direct)
            );
        }
    }

    [Test]
    public void One_wrong_value_is_enough()
    {
        using var scope = NewDisposeScope();
        LayerDirection direction = Directions(64, 64)[1];
        var probe = new AlgorithmProbe((algorithm, filters) => new OneValueOff(s_maker.Make(algorithm, filters)));
        Trial trial = probe.Try(direction, [ConvolutionAlgorithm.Direct], ScalarType.Float32).Single();
        Assert.That(trial.IsRight, Is.False);
        Assert.That(trial.Milliseconds, Is.Empty, "what is wrong is not timed");
    }

    [Test]
    public void Where_nothing_else_is_right_patches_are_multiplied()
    {
        using var scope = NewDisposeScope();
        var probe = new AlgorithmProbe(
            (algorithm, filters) =>
            {
                IConvolution right = s_maker.Make(algorithm, filters);
                return algorithm == ConvolutionAlgorithm.Patches ? right : new LastChannelsUnset(right);
            }
        );
        Assert.That(
            probe.Choose(Directions(32, 40)[0], ConvolutionAlgorithm.Tiles, ScalarType.Float32),
            Is.EqualTo(ConvolutionAlgorithm.Patches)
        );
    }

    [Test]
    public void Where_nothing_is_right_it_says_so()
    {
        using var scope = NewDisposeScope();
        var probe = new AlgorithmProbe((algorithm, filters) => new LastChannelsUnset(s_maker.Make(algorithm, filters)));
        Assert.That(
            () => probe.Choose(Directions(32, 40)[0], ConvolutionAlgorithm.Tiles, ScalarType.Float32),
            Throws
                .InstanceOf<PluginUserException>()
                .With.Message.Contains("no convolution of 32 to 40 channels right: off by")
                .And.Message.Contains("(Patches)")
        );
    }

    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.BFloat16)]
    public void Here_every_candidate_is_right(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var maker = new ConvolutionMaker(type, ChannelBlocks.OfThisProcessor);
        foreach (LayerDirection direction in Directions(32, 40))
        {
            ConvolutionAlgorithm[] all = [.. AlgorithmProbe.Candidates(direction, type), ConvolutionAlgorithm.Patches];
            IReadOnlyList<Trial> trials = new AlgorithmProbe(maker.Make).Try(direction, all, type);
            Assert.That(trials.Where(t => !t.IsRight), Is.Empty);
            bool isRoundedBack = direction.Bias is null && type == ScalarType.BFloat16;
            Assert.That(all.Contains(ConvolutionAlgorithm.Bf16Tiles), Is.EqualTo(isRoundedBack), "tiles in bf16 are for gradients");
        }
    }

    [TestCase(10, 9.2, ConvolutionAlgorithm.Tiles)]
    [TestCase(10, 8.8, ConvolutionAlgorithm.Direct)]
    [TestCase(10, 20, ConvolutionAlgorithm.Tiles)]
    public void Another_than_the_rules_must_be_faster_by_a_tenth(double tiles, double direct, ConvolutionAlgorithm expected)
    {
        Trial[] trials =
        [
            new(ConvolutionAlgorithm.Tiles, 0, true, [tiles, 1, 100]),
            new(ConvolutionAlgorithm.Direct, 0, true, [200, direct, 0.5]),
        ];
        Assert.That(AlgorithmProbe.Fastest(trials, ConvolutionAlgorithm.Tiles), Is.EqualTo(expected));
    }

    [Test]
    public void Of_equals_the_rules_is_kept_whichever_it_is(
        [Values(ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Direct)] ConvolutionAlgorithm byRule
    )
    {
        Trial[] trials = [new(ConvolutionAlgorithm.Tiles, 0, true, [10]), new(ConvolutionAlgorithm.Direct, 0, true, [10])];
        Assert.That(AlgorithmProbe.Fastest(trials, byRule), Is.EqualTo(byRule));
    }

    [Test]
    public void What_training_draws_does_not_change()
    {
        using var scope = NewDisposeScope();
        LayerDirection direction = Directions(32, 32)[0];
        manual_seed(7);
        float expected = rand(1).item<float>();
        manual_seed(7);
        new AlgorithmProbe(s_maker.Make).Choose(direction, ConvolutionAlgorithm.Tiles, ScalarType.Float32);
        Assert.That(rand(1).item<float>(), Is.EqualTo(expected));
    }

    private static LayerDirection[] Directions(long from, long to)
    {
        manual_seed(2);
        var layer = new FoldedConvolution(randn(to, from, 3, 3) * 0.05, randn(to), 1, 1, 21, 18);
        return [LayerDirection.Forward(layer), LayerDirection.Backward(layer)];
    }

    // As oneDNN with AVX-512: the channels behind the last whole block of sixteen are what was in memory.
    private sealed class LastChannelsUnset(IConvolution right) : IConvolution
    {
        public Tensor Apply(Tensor map, Tensor? bias = null, Tensor? rectified = null)
        {
            Tensor output = right.Apply(map, bias, rectified).contiguous();
            output.narrow(3, output.shape[3] - 8, 8).add_(0.3);
            return output;
        }

        public void Dispose() => right.Dispose();
    }

    private sealed class OneValueOff(IConvolution right) : IConvolution
    {
        public Tensor Apply(Tensor map, Tensor? bias = null, Tensor? rectified = null)
        {
            Tensor output = right.Apply(map, bias, rectified).contiguous();
            output[0, 3, 4, 5].add_(0.5);
            return output;
        }

        public void Dispose() => right.Dispose();
    }
}
