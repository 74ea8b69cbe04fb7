extern alias baselines;

using MerBench.Models.Baselines;
using static TorchSharp.torch;
using RidgeSolver = baselines::MerBench.Models.Baselines.RidgeSolver;

namespace MerBench.Tests;

public sealed class RidgeTests
{
    private static readonly LabelSpace s_emotions = new(["valence", "energy"]);

    [Test]
    public void Weights_solve_the_normal_equations_of_the_standardised_statistics()
    {
        using var scope = NewDisposeScope();
        LabelledClips training = Clips("train", 40);
        using RidgeModel model = Fit(new RidgeOptions(Penalty: 3), training, Clips("validation", 10));

        Tensor raw = Statistics(training.Input),
            mean = raw.mean([0]),
            x = (raw - mean) / ((raw - mean).square().mean([0]).sqrt());
        Tensor y = training.Emotion.to(float64) - training.Emotion.to(float64).mean([0]);
        Tensor expected = linalg.solve(x.t().mm(x) + (3 * eye(x.shape[1], dtype: float64)), x.t().mm(y));
        Assert.That((model.State["weight"].to(float64) - expected).abs().max().item<double>(), Is.LessThan(1e-6));
        Tensor prediction = x.mm(expected) + training.Emotion.to(float64).mean([0]);
        using var frozen = no_grad();
        Assert.That((model.Forward(training.Input).Emotion.to(float64) - prediction).abs().max().item<double>(), Is.LessThan(1e-5));
    }

    [Test]
    public void The_penalty_with_the_smallest_validation_error_is_chosen()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        LabelledClips training = Clips("train", 40),
            validation = Clips("validation", 30);
        using RidgeModel chosen = Fit(new RidgeOptions(SmallestPenalty: 0.01, LargestPenalty: 1e4, GridSize: 13), training, validation);
        double best = Enumerable
            .Range(0, 13)
            .Select(i => 0.01 * Math.Pow(1e6, i / 12.0))
            .MinBy(penalty =>
            {
                using RidgeModel candidate = Fit(new RidgeOptions(Penalty: penalty), training, validation);
                return (candidate.Forward(validation.Input).Emotion - validation.Emotion).square().mean().item<float>();
            });
        Assert.That(chosen.State["penalty"].item<float>(), Is.EqualTo(best).Within(1e-3).Percent);
    }

    [Test]
    public void Generalised_cross_validation_is_that_of_its_definition()
    {
        using var scope = NewDisposeScope();
        Tensor x = Statistics(Clips("train", 40).Input);
        x = (x - x.mean([0])) / (x - x.mean([0])).square().mean([0]).sqrt();
        Tensor y = Clips("train", 40).Emotion.to(float64);
        y -= y.mean([0]);
        using var solver = new RidgeSolver(x, y);
        foreach (double penalty in new[] { 0.5, 20, 300 })
        {
            // The hat matrix with the intercept's degree of freedom.
            Tensor hat =
                x.mm(linalg.solve(x.t().mm(x) + (penalty * eye(x.shape[1], dtype: float64)), x.t())) + (ones(40, 40, dtype: float64) / 40);
            double unused = 1 - (hat.trace().item<double>() / 40);
            double expected = (y - hat.mm(y)).square().mean().item<double>() / (unused * unused);
            Assert.That(solver.GeneralisedCrossValidation(penalty), Is.EqualTo(expected).Within(1e-6).Percent);
        }
    }

    [Test]
    public void Gradients_reach_the_input_and_agree_with_differences()
    {
        using var scope = NewDisposeScope();
        LabelledClips training = Clips("train", 40);
        using RidgeModel model = Fit(new RidgeOptions(Penalty: 3), training, Clips("validation", 10));
        Tensor input = training.Input[TensorIndex.Slice(0, 3)].detach().requires_grad_(),
            direction = Clips("direction", 3).Input;
        Tensor slope = (autograd.grad([model.Forward(input).Emotion.sum()], [input])[0] * direction).sum();
        using var frozen = no_grad();
        const double Step = 1e-3;
        double difference =
            (
                model.Forward(input + (Step * direction)).Emotion.sum() - model.Forward(input - (Step * direction)).Emotion.sum()
            ).item<float>() / (2 * Step);
        Assert.That(slope.item<float>(), Is.EqualTo(difference).Within(1).Percent);
    }

    [Test]
    public void Bands_that_never_change_do_no_harm()
    {
        using var scope = NewDisposeScope();
        LabelledClips training = Clips("train", 20);
        training.Input[TensorIndex.Colon, TensorIndex.Colon, 2] = 0.25f;
        using RidgeModel model = Fit(new RidgeOptions(), training, Clips("validation", 10));
        Tensor input = training.Input.detach().requires_grad_();
        Assert.That(autograd.grad([model.Forward(input).Emotion.sum()], [input])[0].isfinite().all().item<bool>(), Is.True);
    }

    [Test]
    public void One_frame_is_too_few()
    {
        using var model = new RidgeModel(new RidgeOptions());
        PluginUserException error = Assert.Throws<PluginUserException>(() =>
            model.Build(new ModelContext(s_emotions, null, [1, 6], CPU, RandomStream.For("ridge")))
        )!;
        Assert.That(error.Message, Does.Contain("at least 2 frames").And.Contain("[1, 6]"));
    }

    private static RidgeModel Fit(RidgeOptions options, LabelledClips training, LabelledClips validation)
    {
        var model = new RidgeModel(options);
        model.Build(new ModelContext(s_emotions, null, [12, 6], CPU, RandomStream.For("ridge")));
        model.Fit(training, validation, CancellationToken.None);
        return model;
    }

    // The definition, written out: mean, deviation and mean absolute change of each band.
    private static Tensor Statistics(Tensor features)
    {
        Tensor mean = features.mean([1]),
            deviation = (features.var([1], unbiased: false) + 1e-8).sqrt();
        Tensor change = (features[TensorIndex.Colon, TensorIndex.Slice(1)] - features[TensorIndex.Colon, TensorIndex.Slice(0, -1)])
            .abs()
            .mean([1]);
        return cat([mean, deviation, change], 1).to(float64);
    }

    private static LabelledClips Clips(string name, int count)
    {
        var values = new float[count * 12 * 6];
        RandomStream random = RandomStream.For("ridge test", name);
        random.FillNormal(values);
        Tensor input = tensor(values).reshape(count, 12, 6),
            loud = input.mean([1]);
        var noise = new float[count * 2];
        random.FillNormal(noise);
        Tensor emotion =
            stack([loud[TensorIndex.Colon, 0] - loud[TensorIndex.Colon, 3], input.diff(dim: 1).abs().mean([1, 2])], 1)
            + (0.2 * tensor(noise).reshape(count, 2));
        return new LabelledClips(input, emotion, null);
    }
}
