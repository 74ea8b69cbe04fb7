using CsCheck;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class BudgetPropertyTests
{
    private const double Tolerance = 5e-6; // float32 at magnitudes up to 8, and the rounding of adding and subtracting the input

    private static readonly Gen<(Budget Budget, float[] Input, float[] Delta)> Cases = Gen.Select(
        Gen.OneOf(
            Gen.Double[0, 2].Select(size => new Budget(Norm.Linf, size)),
            Gen.Double[0, 2].Select(size => new Budget(Norm.L2, size)),
            Gen.Double[-10, 60].Select(size => new Budget(Norm.Snr, size))
        ),
        Gen.Float[-1, 1].Array[12],
        Gen.Float[-3, 3].Array[12]
    );

    [Test]
    public void A_projection_never_leaves_the_ball_with_or_without_a_box() =>
        Check(
            (budget, input, delta) =>
                IsWithin(budget, budget.Project(delta, input), input)
                && IsWithin(budget, budget.Project(delta, input, new Box(-1, 1)), input)
        );

    [Test]
    public void Projecting_twice_is_projecting_once() =>
        Check(
            (budget, input, delta) =>
            {
                Tensor once = budget.Project(delta, input, new Box(-1, 1));
                return (budget.Project(once, input, new Box(-1, 1)) - once).abs().max().item<float>() <= Tolerance;
            }
        );

    [Test]
    public void A_perturbed_input_stays_in_the_box() =>
        Check((budget, input, delta) => (input + budget.Project(delta, input, new Box(-1, 1))).abs().max().item<float>() <= 1 + Tolerance);

    [Test]
    public void What_is_within_the_ball_is_left_as_it_is() =>
        Check(
            (budget, input, delta) =>
            {
                Tensor inside = budget.Project(delta, input) * 0.9;
                return (budget.Project(inside, input) - inside).abs().max().item<float>() <= Tolerance;
            }
        );

    [Test]
    public void A_clip_is_projected_without_regard_to_the_others() =>
        Check(
            (budget, input, delta) =>
            {
                Tensor together = budget.Project(delta, input),
                    alone = budget.Project(delta.narrow(0, 1, 1), input.narrow(0, 1, 1));
                return (together.narrow(0, 1, 1) - alone).abs().max().item<float>() <= Tolerance;
            }
        );

    [TestCase(Norm.Linf, 0)]
    [TestCase(Norm.L2, 0)]
    [TestCase(Norm.Snr, double.PositiveInfinity)]
    public void Nothing_added_to_silence_is_within_every_budget(Norm norm, double measured)
    {
        using var scope = NewDisposeScope();
        Tensor silence = zeros(1, 8);
        Tensor projected = new Budget(norm, 20).Project(silence, silence);
        Assert.That(new Budget(norm, 20).Measure(projected, silence).item<float>(), Is.EqualTo(measured));
    }

    [Test]
    public void Noise_on_silence_is_outside_every_snr_budget()
    {
        using var scope = NewDisposeScope();
        Assert.That(new Budget(Norm.Snr, 0).Measure(ones(1, 8), zeros(1, 8)).item<float>(), Is.EqualTo(double.NegativeInfinity));
    }

    private static void Check(Func<Budget, Tensor, Tensor, bool> holds) =>
        Cases.Sample(
            c =>
            {
                using var scope = NewDisposeScope();
                return holds(c.Budget, tensor(c.Input).reshape(2, 3, 2), tensor(c.Delta).reshape(2, 3, 2));
            },
            iter: 300,
            threads: 1
        );

    private static bool IsWithin(Budget budget, Tensor delta, Tensor input)
    {
        // In SNR the radius is small beside the input's rounding when the size is large, so compare lengths and not decibels.
        Tensor size = budget.Norm == Norm.Linf ? delta.flatten(1).abs().amax([1]) : delta.flatten(1).norm(1);
        return (size - budget.Radius(input).flatten()).max().item<float>() <= Tolerance;
    }
}
