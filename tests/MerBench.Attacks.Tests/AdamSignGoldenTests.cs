using System.Collections.Concurrent;
using System.Globalization;
using MerBench.Attacks.Gradient;
using MerBench.Host.Weights;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>
/// Against iterates that the paper's published attack code computed; both clips are attacked at once, the reference one by one. A step
/// follows the
/// sign of a gradient that single precision does not determine everywhere (<see cref="GoldenGradientTests"/>), so values differ between
/// processors,
/// between libraries and between the published code and itself. From the same iterate, signs are held to the published ones where the
/// gradient in
/// double precision is larger than <see cref="Determined"/>, and those that differ elsewhere are counted. On a way of several steps each
/// difference
/// makes others, so there the share of values is held, and what the network predicts.
/// </summary>
[TestFixture("a2e released", Category = "Slow", Explicit = true, Reason = "Another one says as much.")]
[TestFixture("a2m2e configured")]
[TestFixture("a2e configured", Category = "Slow", Explicit = true, Reason = "Another one says as much.")]
[TestFixture("a2m2e released", Category = "Slow", Explicit = true, Reason = "Another one says as much.")]
public sealed class AdamSignGoldenTests(string name)
{
    /// <summary>
    /// In root mean squares of a clip's gradient. Errors of single precision reached 0.39, under avx2, avx and sse41 of oneDNN and with
    /// scalar kernels of
    /// torch; signs differed up to 0.24. More than 40 % of the values lie above it.
    /// </summary>
    private const double Determined = 0.5;

    /// <summary>Up to 0.23 % were measured, of the published code 0.19 %.</summary>
    private const double LargestShare = 0.01;

    private static readonly ConcurrentDictionary<string, Golden> s_golden = new(StringComparer.Ordinal);

    [Test]
    public void From_a_published_iterate_the_signs_are_published_ones_where_single_precision_determines_them([Values(1, 2)] int step)
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        Tensor published = golden.Signs(step),
            exact = golden.ExactGradient(step),
            found = golden.Gradient(step);
        using (Assert.EnterMultipleScope())
        {
            Demand("double precision", Agreement.Between(exact, published, exact));
            Demand("the attacked model", Agreement.Between(found, published, exact));
        }

        void Demand(string what, Agreement agreement)
        {
            TestContext.Out.WriteLine($"{name}, step {step}, {what}: {agreement}");
            Assert.That(agreement.IsTheSame, what);
            Assert.That(agreement.DeterminedShare, Is.GreaterThan(0.1), "there is something to compare");
        }
    }

    [Test]
    public void A_gradient_with_wrong_signs_would_be_noticed()
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        Tensor published = golden.Signs(1),
            exact = golden.ExactGradient(1),
            found = golden.Gradient(1);
        manual_seed(2);
        Tensor anywhere = where(rand_like(found) < 0.05, -found, found),
            aFrameLate = found.roll(1, 1);
        Tensor whereNothingIsDetermined = where((rand_like(found) < 0.05).logical_and(exact.abs() < Determined), -found, found);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Agreement.Between(anywhere, published, exact).LargestThatDiffers, Is.GreaterThan(Determined));
            Assert.That(Agreement.Between(aFrameLate, published, exact).LargestThatDiffers, Is.GreaterThan(Determined));
            Assert.That(
                Agreement.Between(whereNothingIsDetermined, published, exact),
                Has.Property(nameof(Agreement.LargestThatDiffers)).LessThan(Determined).And.Property(nameof(Agreement.IsTheSame)).False,
                "they are too many"
            );
        }
    }

    // Shares of values that went another way: up to 0.24, 0.92 and 4.3 % were measured. Another step size or other momenta change all of
    // them.
    [Test]
    public void Perturbations_are_nearly_everywhere_those_of_the_published_code([Values(1, 2, 5)] int steps)
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        double differing = ((golden.Run.After(steps) - golden.Expected($"delta_{steps}")).abs() > 1e-6).to(float64).mean().item<double>();
        TestContext.Out.WriteLine(FormattableString.Invariant($"{name}: {differing:p3} of the values differ after {steps} steps"));
        Assert.That(
            differing,
            Is.LessThan(
                steps switch
                {
                    1 => LargestShare,
                    2 => 0.03,
                    _ => 0.1,
                }
            )
        );
    }

    [Test]
    public void Predictions_before_each_of_five_steps_are_those_of_the_published_code()
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        for (int steps = 0; steps < 5; steps++)
        {
            Tensor expected = stack([.. new[] { 0, 1 }.Select(clip => golden.Of(clip, "preds")[steps])]);
            Assert.That(
                (golden.Run.Predictions[steps] - expected).abs().max().item<float>(),
                Is.LessThan(1e-4),
                $"before step {steps + 1}"
            );
        }
    }

    [Test]
    public void Thresholds_fall_where_they_do_in_the_published_code()
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        using var thresholds = new CorrelationThresholds(Golden.Emotion);
        int[] best = [-1, -1];
        for (int step = 0; step < 20; step++)
        {
            Tensor passed = thresholds.Pass(stack([golden.Of(0, "preds")[step], golden.Of(1, "preds")[step]]));
            for (int clip = 0; clip < 2; clip++)
                if (passed[clip].item<bool>())
                    best[clip] = step;
        }

        // The published code keeps the perturbation, not its step: it is zero where only the first prediction passed.
        for (int clip = 0; clip < 2; clip++)
        {
            bool isZero = golden.Of(clip, "best_delta").abs().max().item<float>() == 0;
            Assert.That(best[clip] == 0, Is.EqualTo(isZero), $"clip {clip} passed last before step {best[clip] + 1}");
        }
    }

    [Test]
    public void The_selected_perturbation_is_that_of_the_published_code()
    {
        using var scope = NewDisposeScope();
        Golden golden = GoldenOf(name);
        Tensor selected = golden.Run.Selected,
            expected = golden.Expected("best_delta");
        // Single updates differ in sign where the gradient is nearly zero.
        Assert.That((selected - expected).abs().mean().item<float>(), Is.LessThan(1e-4));
        Assert.That(
            selected.abs().amax([1, 2]).data<float>().Select(v => v == 0),
            Is.EqualTo(expected.abs().amax([1, 2]).data<float>().Select(v => v == 0))
        );
    }

    private static Golden GoldenOf(string name) => s_golden.GetOrAdd(name, n => new Golden(n));

    /// <summary>What the published code found, and what a run of this one predicted on its way to the same.</summary>
    private sealed class Golden
    {
        private readonly string _name,
            _system;
        private readonly SafetensorsFile _file;
        private readonly Lazy<RecordedRun> _run;
        private readonly List<Tensor> _gradients = [];

        public Golden(string name)
        {
            (_name, _system) = (name, name.Split(' ')[0]);
            _file = SafetensorsFile.Read(
                SharedData.Path($"golden/seed6/{name.Replace(" ", "_attack_as_", StringComparison.Ordinal)}.safetensors")
            );
            _run = new Lazy<RecordedRun>(Attack);
        }

        public RecordedRun Run => _run.Value;

        public Tensor Of(int clip, string part) => _file.Tensors[$"clip{clip}.{part}"].ToTensor();

        /// <summary>The ratings of both clips.</summary>
        public static Tensor Emotion => PublishedNetwork.Ratings(2);

        public Tensor Expected(string part) => cat([Of(0, part), Of(1, part)]);

        /// <summary>The signs that the published code followed in a step.</summary>
        public Tensor Signs(int step)
        {
            Tensor after = Expected($"delta_{step}"),
                update = after - Before(step);
            // A step moves a value by some 0.0001 at least, rounding by 1e-7. What does not move is pushed against the budget's bound.
            return where(update.abs() > 1e-6, update, after).sign();
        }

        /// <summary>The attacked model's gradient at the published iterate before a step.</summary>
        public Tensor Gradient(int step)
        {
            using VggModel model = PublishedNetwork.Load(_system);
            return PublishedNetwork.Gradient(x => model.Forward(x).Emotion, PublishedNetwork.Inputs(2) + Before(step), Emotion);
        }

        /// <summary>The same in double precision, in root mean squares of each clip's gradient.</summary>
        public Tensor ExactGradient(int step)
        {
            using VggNetwork exact = PublishedNetwork.LoadExact(_system);
            Tensor at = (PublishedNetwork.Inputs(2) + Before(step)).to(float64);
            Tensor gradient = PublishedNetwork.Gradient(x => exact.call(x.unsqueeze(1)).Emotion, at, Emotion.to(float64));
            return gradient / gradient.square().mean([1, 2], keepdim: true).sqrt();
        }

        private Tensor Before(int step) => step == 1 ? zeros_like(PublishedNetwork.Inputs(2)) : Expected($"delta_{step - 1}");

        private RecordedRun Attack()
        {
            using var scope = NewDisposeScope();
            Tensor input = PublishedNetwork.Inputs(2);
            using VggModel model = PublishedNetwork.Load(_system);
            List<Tensor> perturbations = [],
                predictions = [];
            ModelOutput Recorded(Tensor perturbed)
            {
                ModelOutput output = model.Forward(perturbed);
                perturbations.Add((perturbed - input).detach().DetachFromDisposeScope());
                predictions.Add(output.Emotion.detach().clone().DetachFromDisposeScope());
                return output;
            }

            var context = new AttackContext(Recorded, input, Emotion, Objective.Mse, [RandomStream.For("0"), RandomStream.For("1")])
            {
                Budget = _name.EndsWith("configured", StringComparison.Ordinal) ? new Budget(Norm.Linf, 0.001) : null,
            };
            Tensor selected =
                new AdamSign(new AdamSignOptions(Steps: 20, Return: ReturnedIterate.Threshold)).Perturb(context, CancellationToken.None)
                - input;
            return new RecordedRun(perturbations, predictions, selected.DetachFromDisposeScope());
        }
    }

    /// <summary>How far the signs of gradients are the published ones.</summary>
    /// <param name="Differing">Share of signs that differ.</param>
    /// <param name="LargestThatDiffers">The largest gradient in double precision whose sign differs; 0 where none does.</param>
    /// <param name="DeterminedShare">Share of values whose gradient is large enough to be held to the published ones.</param>
    private sealed record Agreement(double Differing, double LargestThatDiffers, double DeterminedShare)
    {
        public bool IsTheSame => LargestThatDiffers < Determined && Differing < LargestShare;

        public static Agreement Between(Tensor gradient, Tensor signs, Tensor exact)
        {
            Tensor size = exact.abs(),
                differs = gradient.sign().to(float64) != signs.to(float64);
            return new Agreement(Mean(differs), where(differs, size, zeros_like(size)).max().item<double>(), Mean(size > Determined));

            static double Mean(Tensor which) => which.to(float64).mean().item<double>();
        }

        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Differing:p3} of the signs differ, at gradients up to {LargestThatDiffers:0.###} root mean squares; "
                    + $"{DeterminedShare:p1} are determined"
            );
    }

    private sealed record RecordedRun(IReadOnlyList<Tensor> Perturbations, IReadOnlyList<Tensor> Predictions, Tensor Selected)
    {
        public Tensor After(int steps) => Perturbations[steps];
    }
}
