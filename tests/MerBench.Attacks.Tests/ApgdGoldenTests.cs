using MerBench.Attacks.Gradient;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>On networks that the paper's published code trained, at full size: forty gradient calls against a thousand.</summary>
[Category("Slow")]
[Explicit("Takes several minutes; run it with: dotnet test tests/MerBench.Attacks.Tests --filter TestCategory=Slow")]
public sealed class ApgdGoldenTests
{
    [Test]
    public void Forty_calls_of_apgd_harm_at_least_as_much_as_a_thousand_of_adam_sign(
        [Values("a2e", "a2m2e")] string system,
        [Values(0.001, 0.03)] double size
    )
    {
        using var scope = NewDisposeScope();
        Tensor input = PublishedNetwork.Inputs(1),
            ratings = PublishedNetwork.Ratings(1);
        using VggModel model = PublishedNetwork.Load(system);
        var budget = new Budget(Norm.Linf, size);

        (double mse, double mae, long calls) = Harm(new Apgd(new ApgdOptions(Steps: 40)));
        (double mseThen, double maeThen, _) = Harm(new AdamSign(new AdamSignOptions(Steps: 1000)));
        TestContext.Out.WriteLine(
            $"{system} linf {size}: apgd {calls} gradient calls, harm {mse:g7} in MSE, {mae:g5} in MAE; adam-sign 1000: {mseThen:g7}, "
                + $"{maeThen:g5}"
        );
        Assert.That(calls, Is.LessThanOrEqualTo(40));
        Assert.That(mse, Is.GreaterThanOrEqualTo(mseThen));

        (double Mse, double Mae, long Calls) Harm(IAttack attack)
        {
            var context = new AttackContext(model.Forward, input, ratings, Objective.Mse, [RandomStream.For("0")]) { Budget = budget };
            Tensor perturbed = attack.Perturb(context, CancellationToken.None);
            Assert.That((perturbed - input).abs().max().item<float>(), Is.EqualTo(size).Within(size * 1e-3), "equal final norm");
            using var frozen = no_grad();
            Tensor clean = model.Forward(input).Emotion - ratings,
                now = model.Forward(perturbed).Emotion - ratings;
            return (
                (now.square() - clean.square()).mean().item<float>(),
                (now.abs() - clean.abs()).mean().item<float>(),
                context.GradientCalls.Max()
            );
        }
    }
}
