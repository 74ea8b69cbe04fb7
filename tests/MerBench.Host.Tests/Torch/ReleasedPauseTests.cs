using System.Diagnostics;
using MerBench.Host.Torch;

namespace MerBench.Host.Tests.Native;

/// <summary>Pauses that end from outside: work that hangs or was left behind, finalizers that do not return.</summary>
[NonParallelizable]
public sealed class ReleasedPauseTests
{
    private const int Soon = FinalizerPauseTests.Soon;

    [Test]
    public void A_thread_that_hangs_costs_the_others_little_and_holds_finalizers_until_it_is_left_behind()
    {
        var finalized = new Finalized();
        using var hung = new PausingThread();
        hung.WaitForBegin();
        using FinalizerPause pause = FinalizerPause.Begin();
        finalized.Leave();
        Thread.Sleep(1100);
        long start = Stopwatch.GetTimestamp();
        FinalizerPause.LetFinalizersRun();
        Assert.That(Stopwatch.GetElapsedTime(start).TotalSeconds, Is.LessThan(1));
        Assert.That(finalized.Wait(0), Is.False);
        hung.Pause.Release();
        Assert.That(finalized.Wait(200), Is.False, "this thread's own pause goes on");
        Thread.Sleep(1100);
        FinalizerPause.LetFinalizersRun();
        Assert.That(finalized.Wait(0), Is.True);
    }

    [Test]
    public void A_pause_that_is_left_behind_is_released_from_outside()
    {
        var finalized = new Finalized();
        using var hung = new PausingThread();
        hung.WaitForBegin();
        finalized.Leave();
        Assert.That(finalized.Wait(200), Is.False);
        hung.Pause.Release();
        Assert.That(finalized.Wait(Soon), Is.True);
    }

    [Test]
    public void Work_that_was_left_behind_ends_where_it_would_let_finalizers_run()
    {
        using var hung = new PausingThread(end =>
        {
            end.Wait();
            FinalizerPause.LetFinalizersRun();
        });
        hung.WaitForBegin();
        hung.Pause.Release();
        hung.End();
        Assert.That(hung.Exception, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Who_waits_for_finalizers_in_a_pause_waits_until_it_is_released()
    {
        using var hung = new PausingThread(_ => GC.WaitForPendingFinalizers());
        hung.WaitForBegin();
        Assert.That(hung.End(1500), Is.False);
        hung.Pause.Release();
        Assert.That(hung.End(), Is.True);
    }

    [Test]
    public void A_finalizer_that_does_not_return_is_waited_for_and_the_wait_can_be_ended()
    {
        using var returns = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        Finalizable.Leave(() =>
        {
            entered.Set();
            returns.Wait();
        });
        GC.Collect();
        entered.Wait();

        using var released = new PausingThread();
        Assert.That(released.WaitForBegin(1500), Is.False);
        released.Pause.Release();
        Assert.That(released.End(), Is.True);
        Assert.That(released.Exception, Is.InstanceOf<OperationCanceledException>());

        using var cancelled = new PausingThread();
        Assert.That(cancelled.WaitForBegin(500), Is.False);
        cancelled.Cancel();
        Assert.That(cancelled.End(), Is.True);
        Assert.That(cancelled.Exception, Is.InstanceOf<OperationCanceledException>());

        using var patient = new PausingThread();
        Assert.That(patient.WaitForBegin(500), Is.False);
        returns.Set();
        Assert.That(patient.WaitForBegin(), Is.True);
        patient.End();
        Assert.That(patient.Exception, Is.Null);
    }

    [Test]
    public void A_pause_that_was_released_does_not_begin()
    {
        using var pause = new FinalizerPause();
        pause.Release();
        Assert.That(() => pause.Start(CancellationToken.None), Throws.InstanceOf<OperationCanceledException>());
        var finalized = new Finalized();
        finalized.Leave();
        Assert.That(finalized.Wait(Soon), Is.True);
    }
}
