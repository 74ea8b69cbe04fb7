using MerBench.FrontEnds.LogMel;
using MerBench.FrontEnds.Madmom;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>What front ends keep.</summary>
public sealed class ConstantsTests
{
    private static IEnumerable<TestCaseData> FrontEnds()
    {
        yield return new TestCaseData((Func<IFrontEnd>)(() => new MadmomLog(new MadmomLogOptions()))).SetArgDisplayNames("madmom-log");
        yield return new TestCaseData((Func<IFrontEnd>)(() => new MelSpectrogram(new LogMelOptions()))).SetArgDisplayNames("log-mel");
    }

    [TestCaseSource(nameof(FrontEnds))]
    public void No_tensor_outlives_its_scope_but_the_constants_and_these_go_with_the_front_end(Func<IFrontEnd> create)
    {
        using (var scope = NewDisposeScope())
            zeros(1);
        DisposeScopeManager.Statistics.Reset();
        IFrontEnd frontEnd = create();
        for (int step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            Tensor x = rand(2, 5000).requires_grad_();
            autograd.grad([frontEnd.Transform(x).sum()], [x]);
        }

        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(2), "window and filters");
        ((IDisposable)frontEnd).Dispose();
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.Zero);
    }
}
