using System.Diagnostics;

namespace MerBench.Host.Torch;

/// <summary>
/// Holds .NET's finalizer thread back while torch works on the current thread. TorchSharp hands native code the bare pointer of a
/// <see cref="TorchSharp.Scalar"/> (each number in an expression like <c>x * 0.5</c> becomes one) and keeps nothing alive during the call:
/// when
/// another thread's allocations start a collection at that moment, the finalizer frees the number under the running call, which then
/// fails ("Expected false to be true", from c10/core/Scalar.h), or worse, reads another number. SkiaSharp's drawing calls need the same
/// care.
/// </summary>
/// <remarks>
/// The process has one finalizer thread: it waits as long as any pause lasts, and no time limit ends that, so a process that is stopped or
/// starved for minutes is protected like any other. What may last for ever, a plugin's work, is ended by <see cref="Release"/>.
/// </remarks>
internal sealed class FinalizerPause : IDisposable
{
    // How often due finalizers run, and how long one thread waits for the others to come out of their torch calls, as a share of the time
    // since it last did: long calls on several threads meet in the end, and one that hangs costs the others a tenth of their time at most.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private const double Patience = 0.1;

    private static readonly TimeSpan FirstCall = TimeSpan.FromMilliseconds(100),
        LastCall = TimeSpan.FromSeconds(5);

    private static readonly object Gate = new();
    private static readonly HashSet<FinalizerPause> Holders = [];

    // What the finalizer thread waits at or is called to; null while finalizers run.
    private static FinalizerBarrier? s_barrier;

    // Whoever waits for due finalizers to run.
    private static FinalizerPause? s_opener;

    [ThreadStatic]
    private static FinalizerPause? t_current;

    private FinalizerPause? _outer;
    private FinalizerPause _holder;
    private bool _isWorking,
        _isReleased;
    private long _since;

    public FinalizerPause() => _holder = this;

    /// <summary>Begins a pause, which lasts until it is disposed on the same thread. Returns when no finalizer runs any more.</summary>
    public static FinalizerPause Begin()
    {
        var pause = new FinalizerPause();
        pause.Start(CancellationToken.None);
        return pause;
    }

    /// <summary>The same, for a pause that can be released or cancelled before it has begun.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, or released, before that.</exception>
    public void Start(CancellationToken cancel)
    {
        if (t_current is { } outer)
        {
            (_outer, _holder) = (outer, outer._holder);
            _holder.ThrowIfReleased();
        }
        else
        {
            try
            {
                lock (Gate)
                    Holders.Add(this);
                using CancellationTokenRegistration pulse = cancel.Register(Pulse);
                Hold(cancel);
            }
            catch
            {
                Leave();
                throw;
            }
        }

        t_current = this;
    }

    /// <summary>Lets due finalizers run, now and then. Call where no torch call is under way on this thread.</summary>
    /// <exception cref="OperationCanceledException">The pause was released: nothing protects this work any more.</exception>
    public static void LetFinalizersRun() => t_current?._holder.Rest();

    /// <summary>Ends the pause from another thread, also before it has begun: finalizers must not wait for work that was left
    /// behind.</summary>
    public void Release()
    {
        lock (Gate)
            _holder._isReleased = true;
        _holder.Leave();
    }

    public void Dispose()
    {
        t_current = _outer;
        if (_holder == this)
            Leave();
    }

    private void Rest()
    {
        bool isOpener;
        lock (Gate)
        {
            ThrowIfReleased();
            TimeSpan patience = Patience * Stopwatch.GetElapsedTime(_since);
            if (patience < Patience * Between)
                return;
            FinalizerBarrier? barrier = s_barrier;
            _isWorking = false;
            Pulse();
            WaitWhile(() => s_barrier == barrier && Holders.Any(h => h._isWorking) && !_isReleased, patience);
            ThrowIfReleased();
            isOpener = s_barrier == barrier && !Holders.Any(h => h._isWorking);
            if (isOpener)
                Open(this);
            else if (s_barrier == barrier)
            {
                Work();
                return;
            }
        }

        if (isOpener)
            RunDueFinalizers();
        Hold(CancellationToken.None);
    }

    private void RunDueFinalizers()
    {
        GC.WaitForPendingFinalizers();
        lock (Gate)
        {
            if (s_opener == this)
                s_opener = null;
            Pulse();
        }
    }

    // Returns when the finalizer thread waits.
    private void Hold(CancellationToken cancel)
    {
        TimeSpan patience = FirstCall;
        for (int generation = 0; ; generation = Math.Min(generation + 1, GC.MaxGeneration))
        {
            FinalizerBarrier barrier;
            lock (Gate)
            {
                WaitWhile(() => s_opener is not null && !IsOver(), Timeout.InfiniteTimeSpan);
                barrier = s_barrier ??= new FinalizerBarrier(Gate);
                if (HasSucceeded())
                    return;
            }

            barrier.Call(generation);
            lock (Gate)
            {
                WaitWhile(() => s_barrier == barrier && !barrier.IsReached && !IsOver(), patience);
                if (HasSucceeded())
                    return;
            }

            patience = patience < LastCall ? 2 * patience : LastCall;
        }

        bool IsOver() => _isReleased || cancel.IsCancellationRequested;

        bool HasSucceeded()
        {
            ThrowIfReleased();
            cancel.ThrowIfCancellationRequested();
            if (s_barrier is not { IsReached: true })
                return false;
            Work();
            return true;
        }
    }

    private void Work() => (_isWorking, _since) = (true, Stopwatch.GetTimestamp());

    private void Leave()
    {
        lock (Gate)
        {
            if (!Holders.Remove(this))
                return;
            _isWorking = false;
            if (s_opener == this)
                s_opener = null;
            if (Holders.Count == 0)
                Open(null);
            Pulse();
        }
    }

    private void ThrowIfReleased()
    {
        if (_isReleased)
            throw new OperationCanceledException("This work took too long and was left behind.");
    }

    private static void Open(FinalizerPause? opener)
    {
        s_barrier?.Open();
        (s_barrier, s_opener) = (null, opener);
    }

    private static void Pulse()
    {
        lock (Gate)
            Monitor.PulseAll(Gate);
    }

    private static void WaitWhile(Func<bool> condition, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (condition())
        {
            TimeSpan left = limit == Timeout.InfiniteTimeSpan ? limit : limit - Stopwatch.GetElapsedTime(start);
            if (limit != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero)
                return;
            Monitor.Wait(Gate, left);
        }
    }
}
