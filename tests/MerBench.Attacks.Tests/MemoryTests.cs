using MerBench.Host.Checks;
using TorchSharp;
using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>Live tensors, counted at the end of every step and watched as the host watches: their number does not rise with
/// steps.</summary>
[NonParallelizable]
public sealed class MemoryTests
{
    // What a step holds differs with how many clips are asked about, and from one fetch of the trace to the next.
    private const int Slack = 40;

    private static IEnumerable<TestCaseData> Attacks() =>
        new (string Name, Norm? Norm, int Steps, IAttack Attack)[]
        {
            ("pgd", Norm.Linf, 10_000, new Pgd(new PgdOptions(10_000, StepSize: 0.01, Momentum: 0.5))),
            ("adam-sign", null, 10_000, new AdamSign(new AdamSignOptions(10_000))),
            ("apgd", Norm.L2, 2000, new Apgd(new ApgdOptions(500, Restarts: 4))),
            ("bim", Norm.L2, 2000, new Bim(new BimOptions(2000))),
            ("fmn", null, 2000, new Fmn(new FmnOptions(2000))),
            ("ddn", null, 2000, new Ddn(new DdnOptions(2000))),
            ("cw", null, 2000, new CarliniWagner(new CarliniWagnerOptions(500, Searches: 4))),
        }.Select(a => new TestCaseData(a.Norm, a.Steps, a.Attack).SetArgDisplayNames(a.Name));

    [TestCaseSource(nameof(Attacks))]
    public void Thousands_of_steps_keep_no_more_tensors_than_hundreds(Norm? norm, int steps, IAttack attack)
    {
        using var scope = NewDisposeScope();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tensor input = randn(2, 6),
            apart = tensor(new[] { 0f, 0.5f, 1f }),
            ratings = apart.expand(2, 3);
        Func<Tensor, Tensor> network = Nonlinear(6);
        long ours = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        var live = new Counter();
        Tensor result;
        using (var trace = new AttackTrace(2))
        using (
            var context = new AttackContext(
                x => new ModelOutput(network(x).unsqueeze(1) + apart),
                input,
                ratings,
                Objective.Parse("+valence", new LabelSpace(["valence", "arousal", "tension"])),
                [RandomStream.For("0"), RandomStream.For("1")]
            )
            {
                Budget = norm is { } n ? new Budget(n, 0.3) : null,
                Observer = trace,
                Progress = live,
            }
        )
        {
            result = attack.Perturb(context, CancellationToken.None);
            if (attack is Pgd or AdamSign or Apgd or Bim)
                Assert.That(trace.Clips()[0].Values, Has.Count.GreaterThanOrEqualTo(steps), "the whole search was watched");
        }

        Assert.That(live.Counts, Has.Count.EqualTo(steps));
        Assert.That(live.Counts[^200..].Max(), Is.GreaterThan(before + ours).And.LessThanOrEqualTo(live.Counts[100..300].Max() + Slack));
        result.Dispose();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(before + ours), "what is left behind");
    }

    private sealed class Counter : IProgress<double>
    {
        public List<long> Counts { get; } = [];

        public void Report(double value) => Counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
