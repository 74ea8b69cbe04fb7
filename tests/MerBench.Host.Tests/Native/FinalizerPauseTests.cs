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
