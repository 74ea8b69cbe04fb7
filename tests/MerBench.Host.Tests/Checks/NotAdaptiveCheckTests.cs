using MerBench.Host.Checks.Results;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

/// <summary>Attacks on defended models, with and without knowledge of the defence.</summary>
public sealed class NotAdaptiveCheckTests
{
    [TestCase(0.3, 0.2, true, null)]
    [TestCase(0.2, 0.3, true, "it raises the error by 0.100, and by 0.200 crafted without the defence")]
    [TestCase(0.3, 0.2, false, "it never asked through the defence of 'network', as if there were none")]
    [TestCase(0.1, 0.09, true, null)]
    public void It_doubts_who_knows_less_than_the_unaware(double adapted, double unadapted, bool isAdaptive, string? reason)
    {
        CellResult cell = Evidence.Result() with
        {
            Adaptation = new AdaptationResult("network", 8, 0.1, 0.4, 0.1, unadapted, adapted, isAdaptive),
        };
        Doubt[] doubts = [.. new NotAdaptiveCheck().Examine(cell)];
        Assert.That(doubts.Select(d => d.Reason).SingleOrDefault(), reason is null ? Is.Null : Does.StartWith(reason));
    }
}
