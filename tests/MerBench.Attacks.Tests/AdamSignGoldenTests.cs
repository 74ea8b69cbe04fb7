using MerBench.Attacks.Gradient;
using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against iterates that the paper's published attack code computed; both clips are attacked at once, the reference one by one.</summary>
public sealed class AdamSignGoldenTests
{
    private static readonly string[] s_cases = ["a2e released", "a2e configured", "a2m2e released", "a2m2e configured"];

    [TestCaseSource(nameof(s_cases))]
    public void The_first_perturbations_are_those_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(name);
        foreach (int steps in new[] { 1, 2 })
            Assert.That((golden.After(steps) - golden.Expected($"delta_{steps}")).abs().max().item<float>(), Is.LessThan(1e-6), $"after {steps} steps");
    }

    [TestCaseSource(nameof(s_cases))]
    public void The_fifth_update_has_the_signs_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(name);
        Tensor before = golden.After(4), expected = golden.Expected("delta_5");
        double equal = (SignOf(golden.After(5) - before) == SignOf(expected - before)).to(float64).mean().item<double>();
        Assert.That(equal, Is.GreaterThanOrEqualTo(0.995));

        // A value at the budget's bound moves by a rounding error at most, a step by some 0.002.
        static Tensor SignOf(Tensor update) => update.sign() * (update.abs() > 1e-6);
    }

    [TestCaseSource(nameof(s_cases))]
    public void Predictions_before_each_of_five_steps_are_those_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(name);
        using var frozen = no_grad();
        for (int steps = 0; steps < 5; steps++)
        {
            Tensor predicted = golden.Model.Forward(golden.Input + golden.After(steps)).Emotion;
            Tensor expected = stack([.. new[] { 0, 1 }.Select(clip => golden.Of(clip, "preds")[steps])]);
            Assert.That((predicted - expected).abs().max().item<float>(), Is.LessThan(1e-4), $"before step {steps + 1}");
        }
    }

    [TestCaseSource(nameof(s_cases))]
    public void Thresholds_fall_where_they_do_in_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(name);
        using var thresholds = new CorrelationThresholds(golden.Emotion);
        int[] best = [-1, -1];
        for (int step = 0; step < 20; step++)
        {
            Tensor passed = thresholds.Pass(stack([golden.Of(0, "preds")[step], golden.Of(1, "preds")[step]]));
            for (int clip = 0; clip < 2; clip++)
                if (passed[clip].item<bool>()) best[clip] = step;
        }

        // The published code keeps the perturbation, not its step: it is zero where only the first prediction passed.
        for (int clip = 0; clip < 2; clip++)
        {
            bool isZero = golden.Of(clip, "best_delta").abs().max().item<float>() == 0;
            Assert.That(best[clip] == 0, Is.EqualTo(isZero), $"clip {clip} passed last before step {best[clip] + 1}");
        }
    }

    [TestCaseSource(nameof(s_cases))]
    public void The_selected_perturbation_is_that_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(name);
        Tensor selected = golden.Run(new AdamSignOptions(Steps: 20, Return: ReturnedIterate.Threshold)), expected = golden.Expected("best_delta");
        // Single updates differ in sign where the gradient is nearly zero.
        Assert.That((selected - expected).abs().mean().item<float>(), Is.LessThan(1e-4));
        Assert.That(selected.abs().amax([1, 2]).data<float>().Select(v => v == 0), Is.EqualTo(expected.abs().amax([1, 2]).data<float>().Select(v => v == 0)));
    }

    private sealed class Golden
    {
        private readonly SafetensorsFile _file;
        private readonly Budget? _budget;

        public Golden(string name)
        {
            string system = name.Split(' ')[0], kind = name.Split(' ')[1];
            _file = SafetensorsFile.Read(SharedData.Path($"golden/seed6/{system}_attack_as_{kind}.safetensors"));
            _budget = kind == "configured" ? new Budget(Norm.Linf, 0.001) : null;
            SafetensorsFile batch = SafetensorsFile.Read(SharedData.Path("golden/seed6/batch.safetensors"));
            Input = batch.Tensors["x"].ToTensor()[..2].squeeze(1);
            Emotion = batch.Tensors["emotion"].ToTensor()[..2];
            Model = new VggModel(new VggOptions(system == "a2e" ? VggHead.Direct : VggHead.Bottleneck));
            Model.Build(new ModelContext(Labels(8), Labels(7), [313, 149], CPU, RandomStream.For("golden")));
            WeightsFile.LoadInto(Model.State, SharedData.Path($"golden/seed6/{system}.pt"));
            Model.SetTraining(false);
        }

        public VggModel Model { get; }

        public Tensor Input { get; }

        public Tensor Emotion { get; }

        public Tensor Of(int clip, string part) => _file.Tensors[$"clip{clip}.{part}"].ToTensor();

        public Tensor Expected(string part) => cat([Of(0, part), Of(1, part)]);

        /// <summary>The perturbation after a number of steps: the last one predicted in a run of one step more.</summary>
        public Tensor After(int steps) => Run(new AdamSignOptions(Steps: steps + 1));

        public Tensor Run(AdamSignOptions options)
        {
            var context = new AttackContext(Model.Forward, Input, Emotion, Objective.Mse, [RandomStream.For("0"), RandomStream.For("1")]) { Budget = _budget };
            return new AdamSign(options).Perturb(context, CancellationToken.None) - Input;
        }

        private static LabelSpace Labels(int count) => new(Enumerable.Range(0, count).Select(i => $"label{i}"));
    }
}
