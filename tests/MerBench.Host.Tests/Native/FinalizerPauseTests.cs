using System.Diagnostics;
using MerBench.Host.Native;
using static TorchSharp.torch;

namespace MerBench.Host.Tests.Native;

public sealed class FinalizerPauseTests
{
    // Without the pause some two of these 9000 additions fail.
    [Test]
    public void Numbers_outlive_the_torch_calls_that_use_them()
    {
        using var stop = new CancellationTokenSource();
        Task[] allocating = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Allocate(stop.Token)))];
        using (FinalizerPause.Begin())
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < 5)
            {
                FinalizerPause.Breathe();
                using var scope = NewDisposeScope();
                Tensor x = zeros(1, 400, 149);
                for (int i = 0; i < 10; i++) Assert.That((x + 1)[0, 0, 0].item<float>(), Is.EqualTo(1));
            }
        }

        stop.Cancel();
        Task.WaitAll(allocating);
    }

    [Test]
    public void A_pause_is_only_as_long_as_it_lasts()
    {
        var finalized = new ManualResetEventSlim();
        using (FinalizerPause.Begin())
        {
            Leave(finalized);
            GC.Collect();
            Assert.That(finalized.Wait(200), Is.False);
        }

        Assert.That(finalized.Wait(5000), Is.True);
    }

    [Test]
    public void Whoever_waits_for_finalizers_in_a_pause_goes_on_in_the_end()
    {
        using (FinalizerPause.Begin(TimeSpan.FromSeconds(1))) GC.WaitForPendingFinalizers();
    }

    [Test]
    public void A_pause_that_is_left_behind_can_be_released_from_outside()
    {
        var finalized = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        using var stop = new ManualResetEventSlim();
        FinalizerPause? pause = null;
        var hung = new Thread(() =>
        {
            using (pause = FinalizerPause.Begin())
            {
                begun.Set();
                stop.Wait();
            }
        });
        hung.Start();
        begun.Wait();
        Leave(finalized);
        GC.Collect();
        Assert.That(finalized.Wait(200), Is.False);
        pause!.Release();
        Assert.That(finalized.Wait(5000), Is.True);
        stop.Set();
        hung.Join();
    }

    private static void Allocate(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) GC.KeepAlive(new byte[80_000]);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Leave(ManualResetEventSlim finalized) => _ = new Finalizable(finalized);

    private sealed class Finalizable(ManualResetEventSlim finalized)
    {
#pragma warning disable MA0055 // The finalizer is what is tested.
        ~Finalizable() => finalized.Set();
#pragma warning restore MA0055
    }
}
