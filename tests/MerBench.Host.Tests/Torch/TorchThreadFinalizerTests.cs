using MerBench.Host.Torch;

namespace MerBench.Tests.Execution;

[NonParallelizable]
public sealed class TorchThreadFinalizerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1),
        Short = TimeSpan.FromSeconds(1);

    [Test]
    public void Work_that_waits_for_finalizers_is_left_behind_and_holds_up_nobody()
    {
        using var torch = new TorchThread();
        using var returned = new ManualResetEventSlim();
        Assert.That(() => torch.Run(_ => Wait(), Short, CancellationToken.None), Throws.TypeOf<TimeLimitException>());
        Assert.That(torch.HasAbandonedWork, Is.True);
        Assert.That(returned.Wait(10_000), Is.True, "it goes on when it is left behind");
        Assert.That(torch.Run(_ => 7, Long, CancellationToken.None), Is.EqualTo(7));

        int Wait()
        {
            GC.WaitForPendingFinalizers();
            returned.Set();
            return 0;
        }
    }

    [Test]
    public void Work_begins_only_when_a_plugins_finalizer_has_returned_and_costs_no_more_than_its_time()
    {
        using var torch = new TorchThread();
        using var entered = new ManualResetEventSlim();
        using var returns = new ManualResetEventSlim();
        Leave(() =>
        {
            entered.Set();
            returns.Wait();
        });
        GC.Collect();
        entered.Wait();
        bool hasBegun = false;
        Assert.That(() => torch.Run(_ => hasBegun = true, Short, CancellationToken.None), Throws.TypeOf<TimeLimitException>());
        using var cancel = new CancellationTokenSource(Short);
        Assert.That(
            () => torch.Run(_ => hasBegun = true, Timeout.InfiniteTimeSpan, cancel.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
        Assert.That((hasBegun, torch.HasAbandonedWork), Is.EqualTo((false, false)));
        returns.Set();
        Assert.That(torch.Run(_ => 7, Long, CancellationToken.None), Is.EqualTo(7));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Leave(Action action) => _ = new Finalizable(action);

    private sealed class Finalizable(Action action)
    {
#pragma warning disable MA0055 // The finalizer is what is tested.
        ~Finalizable() => action();
#pragma warning restore MA0055
    }
}
