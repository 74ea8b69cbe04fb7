using MerBench.Models.Baselines;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Lipschitz constants of models bound what predictions do, and are attained where that is possible.</summary>
internal sealed class LipschitzTests
{
    private const int Frames = 12,
        Bands = 5;

    private static readonly LabelSpace Emotions = new(["a", "b"], 0, 1, "toy");

    [Test]
    public void Ridge_attains_its_constants_where_it_weighs_means_alone()
    {
        using var scope = NewDisposeScope();
        using RidgeModel model = BuildRidge(weight => weight[Bands..].zero_());
        Tensor clip = randn(1, Frames, Bands);
        ICertificate proof = model.Certify(clip, [RandomStream.For("a")], CancellationToken.None)[0];
        // Along the gradient, which is constant.
        Tensor slope = (model.State["weight"][..Bands, 0] / model.State["statistics.deviation"][..Bands]).expand(1, Frames, Bands);
        AssertAttained(Norm.L2, clip + (slope / slope.norm() * 0.5));
        AssertAttained(Norm.Linf, clip + (slope.sign() * 0.5));

        void AssertAttained(Norm norm, Tensor perturbed)
        {
            double reached = model.Forward(perturbed).Emotion[0, 0].item<float>();
            Assert.That(proof.Bound(norm, 0.5)![0].Upper, Is.EqualTo(reached).Within(1e-5), $"{norm}");
        }
    }

    [Test]
    public void No_step_along_the_gradient_leaves_what_ridge_proves([Values(0.01, 0.3, 3)] double radius, [Values(1, 2, 3)] int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using RidgeModel model = BuildRidge(_ => { });
        Tensor clip = randn(1, Frames, Bands);
        ICertificate proof = model.Certify(clip, [RandomStream.For("a")], CancellationToken.None)[0];
        AssertWithin(model, proof, clip, Norm.L2, radius, g => g / g.norm());
        AssertWithin(model, proof, clip, Norm.Linf, radius, g => g.sign());
    }

    [TestCase(3, 1, 1)]
    [TestCase(5, 1, 2)]
    [TestCase(3, 3, 4)]
    [TestCase(1, 4, 3)]
    public void A_convolution_s_bound_lies_above_the_norm_of_its_matrix_and_near_that_of_large_maps(int kernel, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor filters = randn(outputs, inputs, kernel, kernel);
        double small = FindNorm(8, 1),
            large = FindNorm(16, 1),
            bound = ConvolutionNorm.BoundAbove(filters);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(bound, Is.GreaterThan(large).And.LessThan(1.25 * large));
            Assert.That(large, Is.GreaterThanOrEqualTo(small * (1 - 1e-9)), "larger maps can be stretched more");
            Assert.That(FindNorm(8, 2), Is.LessThan(bound));
        }

        // Column by column: what the convolution makes of each unit map.
        double FindNorm(int side, int stride)
        {
            Tensor units = eye(inputs * side * side, dtype: float64).reshape(-1, inputs, side, side);
            Tensor matrix = nn.functional.conv2d(
                units,
                filters.to(float64),
                strides: [stride, stride],
                padding: [(kernel - 1) / 2, (kernel - 1) / 2]
            );
            return linalg.norm(matrix.flatten(1), 2).item<double>();
        }
    }

    [Test]
    public void A_convolution_without_filters_above_zero_has_a_norm_of_nearly_zero() =>
        Assert.That(ConvolutionNorm.BoundAbove(zeros(4, 4, 3, 3)), Is.LessThan(1e-200));

    [Test]
    public void A_network_proves_on_request_what_no_step_along_its_gradient_leaves([Values] VggHead head)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var model = new VggModel(
            new VggOptions(head, Width: 0.05, Dropout: 0, BottleneckUnits: head == VggHead.Direct ? 0 : 3, Certify: true)
        );
        model.Build(new ModelContext(Emotions, null, [20, 16], CPU, RandomStream.For("model")));
        model.SetTraining(false);
        Tensor clip = randn(1, 20, 16);
        ICertificate proof = model.Certify(clip, [RandomStream.For("a")], CancellationToken.None)[0];
        AssertWithin(model, proof, clip, Norm.L2, 0.1, g => g / g.norm());
        AssertWithin(model, proof, clip, Norm.Linf, 0.1, g => g.sign());
        // No input stretches all layers at once, so the product of their norms lies above the longest gradient.
        Tensor x = clip.clone().requires_grad_();
        Tensor gradient = autograd.grad([model.Forward(x).Emotion[0, 0]], [x])[0];
        double slope = (proof.Bound(Norm.L2, 1)![0].Upper - proof.Bound(Norm.L2, 0)![0].Upper) / gradient.norm().item<float>();
        Assert.That(slope, Is.GreaterThan(1).And.LessThan(double.PositiveInfinity));
    }

    [Test]
    public void A_network_that_is_not_asked_proves_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = new VggModel(new VggOptions(Width: 0.05));
        model.Build(new ModelContext(Emotions, null, [20, 16], CPU, RandomStream.For("model")));
        Assert.That(model.Certify(randn(2, 20, 16), [RandomStream.For("a"), RandomStream.For("b")], default), Has.Count.EqualTo(2));
        Assert.That(model.Certify(randn(1, 20, 16), [RandomStream.For("a")], default)[0].Bound(Norm.L2, 1), Is.Null);
    }

    private static RidgeModel BuildRidge(Action<Tensor> change)
    {
        var model = new RidgeModel(new RidgeOptions());
        model.Build(new ModelContext(Emotions, null, [Frames, Bands], CPU, RandomStream.For("model")));
        model.State["weight"].copy_(randn(3 * Bands, 2));
        model.State["statistics.deviation"].copy_(rand(3 * Bands) + 0.5);
        change(model.State["weight"]);
        return model;
    }

    private static void AssertWithin(IModel model, ICertificate proof, Tensor clip, Norm norm, double radius, Func<Tensor, Tensor> steepest)
    {
        Tensor perturbed = clip;
        for (int step = 0; step < 10; step++)
        {
            Tensor x = perturbed.detach().requires_grad_();
            Tensor gradient = autograd.grad([model.Forward(x).Emotion[0, 0]], [x])[0];
            Tensor difference = (perturbed - clip) + (steepest(gradient) * (radius / 4));
            difference =
                norm == Norm.Linf ? difference.clamp(-radius, radius) : difference * Math.Min(1, radius / difference.norm().item<float>());
            perturbed = (clip + difference).detach();
            float[] reached = model.Forward(perturbed).Emotion.data<float>().ToArray();
            foreach ((PredictionRange range, float value) in proof.Bound(norm, radius)!.Zip(reached))
                Assert.That(value, Is.InRange(range.Lower - 1e-4, range.Upper + 1e-4), $"{norm}, step {step}");
        }
    }
}
