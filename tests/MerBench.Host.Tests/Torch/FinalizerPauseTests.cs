using System.Diagnostics;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Tests.Native;

/// <summary>When finalizers are held, and when they run.</summary>
[NonParallelizable]
public sealed class FinalizerPauseTests
{
    internal const int Soon = 10_000;

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
                FinalizerPause.LetFinalizersRun();
                using var scope = NewDisposeScope();
                Tensor x = zeros(1, 400, 149);
                for (int i = 0; i < 10; i++)
                    Assert.That((x + 1)[0, 0, 0].item<float>(), Is.EqualTo(1));
            }
        }

        stop.Cancel();
        Task.WaitAll(allocating);
    }

    [Test]
    public void A_pause_is_only_as_long_as_it_lasts()
    {
        var finalized = new Finalized();
        using (FinalizerPause.Begin())
        {
            finalized.Leave();
            Assert.That(finalized.Wait(200), Is.False);
        }

        Assert.That(finalized.Wait(Soon), Is.True);
    }

    [Test]
    public void A_pause_ends_with_the_last_of_those_that_overlap()
    {
        var finalized = new Finalized();
        using var other = new PausingThread();
        using (FinalizerPause.Begin())
        {
            other.WaitForBegin();
            finalized.Leave();
        }

        Assert.That(finalized.Wait(200), Is.False);
        other.End();
        Assert.That(finalized.Wait(Soon), Is.True);
    }

    [Test]
    public void A_pause_within_a_pause_ends_nothing()
    {
        var finalized = new Finalized();
        using (FinalizerPause.Begin())
        {
            using (FinalizerPause.Begin())
                finalized.Leave();
            Assert.That(finalized.Wait(200), Is.False);
        }

        Assert.That(finalized.Wait(Soon), Is.True);
    }

    [Test]
    public void An_exception_ends_the_pause()
    {
        var finalized = new Finalized();
        Assert.That(
            () =>
            {
                using (FinalizerPause.Begin())
                {
                    finalized.Leave();
                    throw new InvalidDataException();
                }
            },
            Throws.TypeOf<InvalidDataException>()
        );
        Assert.That(finalized.Wait(Soon), Is.True);
    }

    [Test]
    public void Due_finalizers_run_where_the_only_holder_lets_them()
    {
        var finalized = new Finalized();
        using FinalizerPause pause = FinalizerPause.Begin();
        finalized.Leave();
        Thread.Sleep(1100);
        FinalizerPause.LetFinalizersRun();
        Assert.That(finalized.Wait(0), Is.True);
        var late = new Finalized();
        late.Leave();
        Assert.That(late.Wait(200), Is.False, "the pause goes on");
    }

    // Each thread's calls take as long as the others', but begin and end at other times: they are never outside all at once by chance.
    [Test]
    public void Finalizers_run_in_no_call_of_any_thread_and_yet_they_run_while_all_threads_go_on()
    {
        using var stop = new CancellationTokenSource();
        int inCall = 0,
            runInCall = 0,
            run = 0;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(n => new Thread(() => Work(200 + 70 * n)))];
        foreach (Thread thread in threads)
            thread.Start();
        bool haveRun = SpinWait.SpinUntil(() => Volatile.Read(ref run) > 10, TimeSpan.FromMinutes(1));
        stop.Cancel();
        foreach (Thread thread in threads)
            Assert.That(thread.Join(Soon), Is.True);
        Assert.That(runInCall, Is.Zero);
        Assert.That(haveRun, Is.True, $"{run} while the threads worked");

        void Work(int milliseconds)
        {
            using FinalizerPause pause = FinalizerPause.Begin();
            while (!stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref inCall);
                Finalizable.Leave(() => Interlocked.Add(ref Volatile.Read(ref inCall) > 0 ? ref runInCall : ref run, 1));
                GC.Collect(0);
                Thread.Sleep(milliseconds);
                Interlocked.Decrement(ref inCall);
                FinalizerPause.LetFinalizersRun();
            }
        }
    }

    [Test]
    public void Many_short_pauses_of_many_threads_hold_and_end()
    {
        int inCall = 0,
            runInCall = 0,
            run = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(n => new Thread(() => Work(n)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            Assert.That(thread.Join(60_000), Is.True);
        Assert.That(runInCall, Is.Zero);
        Assert.That(() => Volatile.Read(ref run), Is.EqualTo(8 * 50).After(Soon).MilliSeconds.PollEvery(100), "all in the end");

        void Work(int seed)
        {
            var random = new Random(seed);
            for (int i = 0; i < 50; i++)
            {
                using (FinalizerPause.Begin())
                {
                    Interlocked.Increment(ref inCall);
                    Finalizable.Leave(() => Interlocked.Add(ref Volatile.Read(ref inCall) > 0 ? ref runInCall : ref run, 1));
                    GC.Collect(0);
                    Thread.Sleep(random.Next(5));
                    Interlocked.Decrement(ref inCall);
                }

                Thread.Sleep(random.Next(10));
            }

            GC.Collect();
        }
    }

    private static void Allocate(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            GC.KeepAlive(new byte[80_000]);
    }
}
