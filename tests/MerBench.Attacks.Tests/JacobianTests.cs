using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class JacobianTests
{
    private static readonly LabelSpace Three = new(["valence", "arousal", "tension"]);

    [Test]
    public void On_a_linear_map_the_step_is_its_top_singular_vector_with_the_better_sign()
    {
        using var scope = NewDisposeScope();
        manual_seed(31);
        Tensor map = randn(20, 3),
            input = randn(4, 20);
        var context = new AttackContext(
            x => new ModelOutput(x.matmul(map)),
            input,
            input.matmul(map) + 1,
            Objective.Mse,
            [.. Enumerable.Range(0, 4).Select(i => RandomStream.For($"{i}"))]
        )
        {
            Budget = new Budget(Norm.L2, 0.5),
            Emotions = Three,
        };
        Tensor delta = new Jacobian().Perturb(context, CancellationToken.None) - input;
        (Tensor u, _, _) = linalg.svd(map, fullMatrices: false);
        Tensor cosine = delta.matmul(u[.., 0]) / delta.norm(1);
        Assert.That(Floats(cosine.abs()), Is.All.EqualTo(1).Within(1e-4));
        Assert.That(Floats(delta.norm(1)), Is.All.EqualTo(0.5).Within(1e-4));

        // All predictions lie one below their ratings: the better sign is the one that goes further down.
        Tensor error = (delta.matmul(map) - 1).square().mean([1]),
            other = (-delta.matmul(map) - 1).square().mean([1]);
        Assert.That((error - other).min().item<float>(), Is.GreaterThan(0));
        Assert.That(context.GradientCalls, Is.All.EqualTo(3));
        Assert.That(context.ForwardCalls, Is.All.EqualTo(5));
    }
}
