using MerBench.Host.Plugins;
using static TorchSharp.torch;

namespace MerBench.Tests.Packaging;

/// <summary>The stranger's model and attack at work on the host's own TorchSharp.</summary>
public sealed class ThirdPartySampleRunTests
{
    [TestCase(Norm.Linf, 0.05)]
    [TestCase(Norm.L2, 0.5)]
    [TestCase(Norm.Snr, 30)]
    public async Task The_samples_attack_raises_the_error_of_its_model_within_the_budget(Norm norm, double size)
    {
        PluginCatalog catalog = PluginDiscovery.Discover(new PluginFolders(null, [await ThirdPartySample.PluginFolder()], null, null));
        Attack(
            catalog.Find(PluginKind.Model, "third-party-mean-spectrum")!,
            catalog.Find(PluginKind.Attack, "third-party-random-sign")!,
            new Budget(norm, size)
        );
    }

    private static void Attack(PluginDescriptor modelPlugin, PluginDescriptor attackPlugin, Budget budget)
    {
        using var scope = NewDisposeScope();
        using var model = (IModel)modelPlugin.Create(Activator.CreateInstance(modelPlugin.OptionsType!, 0.0, true));
        model.Build(new ModelContext(new LabelSpace(["valence", "energy"]), null, [20, 6], CPU, RandomStream.For("model")));
        var random = RandomStream.For("input");
        var values = new float[3 * 20 * 6];
        random.FillNormal(values);
        Tensor input = tensor(values).reshape(3, 20, 6),
            targets = full(3, 2, 0.5f);
        var context = new AttackContext(
            model.Forward,
            input,
            targets,
            Objective.Mse,
            [.. Enumerable.Range(0, 3).Select(i => random.Fork($"clip {i}"))]
        )
        {
            Budget = budget,
        };

        var attack = (IAttack)attackPlugin.Create(Activator.CreateInstance(attackPlugin.OptionsType!, 0.25));
        Tensor perturbed = attack.Perturb(context, CancellationToken.None);

        double[] sizes = [.. budget.Measure(perturbed - input, input).data<float>().Select(s => (double)s)];
        Assert.That(sizes, budget.Norm == Norm.Snr ? Is.All.GreaterThan(budget.Size - 1e-3) : Is.All.LessThan(budget.Size + 1e-6));
        Tensor gain = context.Evaluate(perturbed) - context.Evaluate(input);
        Assert.That(gain.data<float>().ToArray(), Is.All.GreaterThan(0));
        Assert.That(context.GradientCalls, Is.All.EqualTo(1));
    }
}
