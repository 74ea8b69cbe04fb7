using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class BudgetTests
{
    [TestCase(Norm.Linf, 0.1)]
    [TestCase(Norm.L2, 0.5)]
    public void A_projected_perturbation_is_within_its_budget(Norm norm, double size)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor input = randn(4, 5, 6),
            delta = randn(4, 5, 6) * 3;
        var budget = new Budget(norm, size);
        Tensor measured = budget.Measure(budget.Project(delta, input), input);
        Assert.That(measured.max().item<float>(), Is.EqualTo(size).Within(1e-6));
    }

    [Test]
    public void An_snr_budget_keeps_the_noise_that_many_decibels_below_the_signal()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor input = randn(4, 100),
            delta = randn(4, 100) * 30;
        var budget = new Budget(Norm.Snr, 20);
        Assert.That(budget.Measure(budget.Project(delta, input), input).data<float>().ToArray(), Is.All.EqualTo(20).Within(1e-3));
    }
}
