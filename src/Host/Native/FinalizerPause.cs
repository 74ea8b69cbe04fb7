using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MerBench.Host.Native;

/// <summary>
/// Holds .NET's finalizer thread back while torch works on the current thread. TorchSharp hands native code the bare pointer of a
/// <see cref="TorchSharp.Scalar"/> (each number in an expression like <c>x * 0.5</c> becomes one) and keeps nothing alive during the call: when
/// another thread's allocations start a collection at that moment, the finalizer frees the number under the running call, which then
/// fails ("Expected false to be true", from c10/core/Scalar.h), or worse, reads another number. SkiaSharp's drawing calls need the same care.
/// </summary>
internal sealed class FinalizerPause : IDisposable
{
    // Whoever waits for finalizers meanwhile (a plugin may) is held up no longer than this. On a busy machine one torch call between two breaths takes many seconds.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestArrival = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    private static FinalizerPause? t_current;

    private readonly FinalizerPause? _outer = t_current;
    private Barrier _barrier;
    private long _since;

    private readonly TimeSpan _longest;
    private readonly Lock _lock = new();
    private bool _isReleased;

    private FinalizerPause(TimeSpan longest)
    {
        _longest = longest;
        Close();
    }

    /// <summary>Begins a pause, which lasts until it is disposed.</summary>
    /// <param name="longest">How long finalizers are held back without a breath; two minutes when left out.</param>
    public static FinalizerPause Begin(TimeSpan? longest = null)
    {
        var pause = new FinalizerPause(longest ?? Longest);
        t_current = pause;
        return pause;
    }

    /// <summary>Lets due finalizers run, now and then. Call where no torch call is under way on this thread.</summary>
    public static void Breathe()
    {
        if (t_current is not { } pause || Stopwatch.GetElapsedTime(pause._since) < Between) return;
        pause._barrier.Open();
        GC.WaitForPendingFinalizers();
        pause.Close();
    }

    /// <summary>Ends the pause from another thread, for work that was left behind: finalizers must not wait for it.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isReleased = true;
            _barrier.Open();
        }
    }

    public void Dispose()
    {
        t_current = _outer;
        _barrier.Open();
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_barrier))]
    private void Close()
    {
        lock (_lock)
        {
            _barrier = new Barrier(_longest);
            if (_isReleased) return;
        }

        LeaveSentinel(_barrier);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        _barrier.AwaitArrival();
        _since = Stopwatch.GetTimestamp();
    }

    // In a method of its own, so that no register or stack slot of the caller keeps the sentinel alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveSentinel(Barrier barrier) => _ = new Sentinel(barrier);

    private sealed class Barrier(TimeSpan longest)
    {
        private readonly ManualResetEventSlim _arrived = new(), _open = new();

        public void AwaitArrival() => _arrived.Wait(LongestArrival);

        public void Open() => _open.Set();

        public void HoldUp()
        {
            _arrived.Set();
            _open.Wait(longest);
        }
    }

    private sealed class Sentinel(Barrier barrier)
    {
#pragma warning disable MA0055 // A finalizer is the one place that runs on the finalizer thread.
        ~Sentinel() => barrier.HoldUp();
#pragma warning restore MA0055
    }
}
