using System.Diagnostics;
using System.Runtime.CompilerServices;
using MerBench.Host.Native;
using static TorchSharp.torch;

namespace MerBench.Host.Tests.Native;

[NonParallelizable]
public sealed class FinalizerPauseTests
{
    private const int Soon = 10_000;

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
                for (int i = 0; i < 10; i++) Assert.That((x + 1)[0, 0, 0].item<float>(), Is.EqualTo(1));
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
        using var other = new OtherThread();
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
            using (FinalizerPause.Begin()) finalized.Leave();
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
            Throws.TypeOf<InvalidDataException>());
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
        int inCall = 0, runInCall = 0, run = 0;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(n => new Thread(() => Work(200 + 70 * n)))];
        foreach (Thread thread in threads) thread.Start();
        bool haveRun = SpinWait.SpinUntil(() => Volatile.Read(ref run) > 10, TimeSpan.FromMinutes(1));
        stop.Cancel();
        foreach (Thread thread in threads) Assert.That(thread.Join(Soon), Is.True);
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
        int inCall = 0, runInCall = 0, run = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(n => new Thread(() => Work(n)))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.That(thread.Join(60_000), Is.True);
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

    [Test]
    public void A_thread_that_hangs_costs_the_others_little_and_holds_finalizers_until_it_is_left_behind()
    {
        var finalized = new Finalized();
        using var hung = new OtherThread();
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
        using var hung = new OtherThread();
        hung.WaitForBegin();
        finalized.Leave();
        Assert.That(finalized.Wait(200), Is.False);
        hung.Pause.Release();
        Assert.That(finalized.Wait(Soon), Is.True);
    }

    [Test]
    public void Work_that_was_left_behind_ends_where_it_would_let_finalizers_run()
    {
        using var hung = new OtherThread(end => { end.Wait(); FinalizerPause.LetFinalizersRun(); });
        hung.WaitForBegin();
        hung.Pause.Release();
        hung.End();
        Assert.That(hung.Exception, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Who_waits_for_finalizers_in_a_pause_waits_until_it_is_released()
    {
        using var hung = new OtherThread(_ => GC.WaitForPendingFinalizers());
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
        Finalizable.Leave(() => { entered.Set(); returns.Wait(); });
        GC.Collect();
        entered.Wait();

        using var released = new OtherThread();
        Assert.That(released.WaitForBegin(1500), Is.False);
        released.Pause.Release();
        Assert.That(released.End(), Is.True);
        Assert.That(released.Exception, Is.InstanceOf<OperationCanceledException>());

        using var cancelled = new OtherThread();
        Assert.That(cancelled.WaitForBegin(500), Is.False);
        cancelled.Cancel();
        Assert.That(cancelled.End(), Is.True);
        Assert.That(cancelled.Exception, Is.InstanceOf<OperationCanceledException>());

        using var patient = new OtherThread();
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

    private static void Allocate(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) GC.KeepAlive(new byte[80_000]);
    }

    /// <summary>An object that is finalized as soon as finalizers run.</summary>
    private sealed class Finalized
    {
        private readonly ManualResetEventSlim _event = new();

        public void Leave()
        {
            Finalizable.Leave(_event.Set);
            GC.Collect();
        }

        public bool Wait(int milliseconds) => _event.Wait(milliseconds);
    }

    /// <summary>A pause on a thread of its own, which lasts until it is told to end.</summary>
    private sealed class OtherThread : IDisposable
    {
        private readonly ManualResetEventSlim _begun = new(), _end = new();
        private readonly CancellationTokenSource _cancel = new();
        private readonly Thread _thread;

        public OtherThread(Action<ManualResetEventSlim>? work = null)
        {
            _thread = new Thread(() =>
            {
                try
                {
                    using (Pause)
                    {
                        Pause.Start(_cancel.Token);
                        _begun.Set();
                        if (work is null) _end.Wait();
                        else work(_end);
                    }
                }
                catch (OperationCanceledException e)
                {
                    Exception = e;
                }
            });
            _thread.Start();
        }

        public FinalizerPause Pause { get; } = new();

        public Exception? Exception { get; private set; }

        public bool WaitForBegin(int milliseconds = Soon) => _begun.Wait(milliseconds);

        public void Cancel() => _cancel.Cancel();

        public bool End(int milliseconds = Soon)
        {
            _end.Set();
            return _thread.Join(milliseconds);
        }

        public void Dispose()
        {
            Pause.Release();
            End();
        }
    }

    /// <summary>An object with an action for a finalizer.</summary>
    private sealed class Finalizable(Action action)
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Leave(Action action) => _ = new Finalizable(action);

#pragma warning disable MA0055 // The finalizer is what is tested.
        ~Finalizable() => action();
#pragma warning restore MA0055
    }
}
