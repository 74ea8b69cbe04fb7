using System.Collections.Concurrent;
using MerBench.Attacks.Gradient;
using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against iterates that the paper's published attack code computed; both clips are attacked at once, the reference one by one.</summary>
public sealed class AdamSignGoldenTests
{
    private static readonly string[] s_cases = ["a2e released", "a2e configured", "a2m2e released", "a2m2e configured"];
    private static readonly ConcurrentDictionary<string, Golden> s_golden = new(StringComparer.Ordinal);

    [TestCaseSource(nameof(s_cases))]
    public void The_first_perturbations_are_those_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        foreach (int steps in new[] { 1, 2 })
            Assert.That((golden.Run.After(steps) - golden.Expected($"delta_{steps}")).abs().max().item<float>(), Is.LessThan(1e-6), $"after {steps} steps");
    }

    [TestCaseSource(nameof(s_cases))]
    public void The_fifth_update_has_the_signs_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        Tensor before = golden.Run.After(4), expected = golden.Expected("delta_5");
        double equal = (SignOf(golden.Run.After(5) - before) == SignOf(expected - before)).to(float64).mean().item<double>();
        Assert.That(equal, Is.GreaterThanOrEqualTo(0.995));

        // A value at the budget's bound moves by a rounding error at most, a step by some 0.002.
        static Tensor SignOf(Tensor update) => update.sign() * (update.abs() > 1e-6);
    }

    [TestCaseSource(nameof(s_cases))]
    public void Predictions_before_each_of_five_steps_are_those_of_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        for (int steps = 0; steps < 5; steps++)
        {
            Tensor expected = stack([.. new[] { 0, 1 }.Select(clip => golden.Of(clip, "preds")[steps])]);
            Assert.That((golden.Run.Predictions[steps] - expected).abs().max().item<float>(), Is.LessThan(1e-4), $"before step {steps + 1}");
        }
    }

    [TestCaseSource(nameof(s_cases))]
    public void Thresholds_fall_where_they_do_in_the_published_code(string name)
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        using var thresholds = new CorrelationThresholds(Golden.Emotion);
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
        Golden golden = GoldenOf(name);
        Tensor selected = golden.Run.Selected, expected = golden.Expected("best_delta");
        // Single updates differ in sign where the gradient is nearly zero.
        Assert.That((selected - expected).abs().mean().item<float>(), Is.LessThan(1e-4));
        Assert.That(selected.abs().amax([1, 2]).data<float>().Select(v => v == 0), Is.EqualTo(expected.abs().amax([1, 2]).data<float>().Select(v => v == 0)));
    }

    private static Golden GoldenOf(string name) => s_golden.GetOrAdd(name, n => new Golden(n));

    /// <summary>What the published code found, and what a run of this one predicted on its way to the same.</summary>
    private sealed class Golden
    {
        private readonly string _name, _system;
        private readonly SafetensorsFile _file;
        private readonly Lazy<RecordedRun> _run;

        public Golden(string name)
        {
            (_name, _system) = (name, name.Split(' ')[0]);
            _file = SafetensorsFile.Read(SharedData.Path($"golden/seed6/{name.Replace(" ", "_attack_as_", StringComparison.Ordinal)}.safetensors"));
            _run = new Lazy<RecordedRun>(Attack);
        }

        public RecordedRun Run => _run.Value;

        public Tensor Of(int clip, string part) => _file.Tensors[$"clip{clip}.{part}"].ToTensor();

        /// <summary>The ratings of both clips.</summary>
        public static Tensor Emotion => Batch.Tensors["emotion"].ToTensor()[..2];

        public Tensor Expected(string part) => cat([Of(0, part), Of(1, part)]);

        private RecordedRun Attack()
        {
            using var scope = NewDisposeScope();
            Tensor input = Batch.Tensors["x"].ToTensor()[..2].squeeze(1);
            var model = new VggModel(new VggOptions(_system == "a2e" ? VggHead.Direct : VggHead.Bottleneck));
            model.Build(new ModelContext(Labels(8), Labels(7), [313, 149], CPU, RandomStream.For("golden")));
            WeightsFile.LoadInto(model.State, SharedData.Path($"golden/seed6/{_system}.pt"));
            model.SetTraining(false);

            List<Tensor> perturbations = [], predictions = [];
            ModelOutput Recorded(Tensor perturbed)
            {
                ModelOutput output = model.Forward(perturbed);
                perturbations.Add((perturbed - input).detach().DetachFromDisposeScope());
                predictions.Add(output.Emotion.detach().clone().DetachFromDisposeScope());
                return output;
            }

            var context = new AttackContext(Recorded, input, Emotion, Objective.Mse, [RandomStream.For("0"), RandomStream.For("1")]) { Budget = _name.EndsWith("configured", StringComparison.Ordinal) ? new Budget(Norm.Linf, 0.001) : null };
            Tensor selected = new AdamSign(new AdamSignOptions(Steps: 20, Return: ReturnedIterate.Threshold)).Perturb(context, CancellationToken.None) - input;
            return new RecordedRun(perturbations, predictions, selected.DetachFromDisposeScope());
        }

        private static SafetensorsFile Batch => SafetensorsFile.Read(SharedData.Path("golden/seed6/batch.safetensors"));

        private static LabelSpace Labels(int count) => new(Enumerable.Range(0, count).Select(i => $"label{i}"));
    }

    private sealed record RecordedRun(IReadOnlyList<Tensor> Perturbations, IReadOnlyList<Tensor> Predictions, Tensor Selected)
    {
        public Tensor After(int steps) => Perturbations[steps];
    }
}
