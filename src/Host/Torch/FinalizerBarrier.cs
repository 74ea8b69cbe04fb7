using System.Runtime.CompilerServices;

namespace MerBench.Host.Torch;

/// <summary>
/// Where .NET's finalizer thread is made to wait: in a finalizer of ours, until the barrier is opened. Its state belongs to the lock that
/// it is
/// made with.
/// </summary>
internal sealed class FinalizerBarrier(object gate)
{
    private bool _isOpen;

    /// <summary>Whether the finalizer thread has come here; until it is opened, it runs no finalizer then.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Lets the finalizer thread go on. Call with the lock held.</summary>
    public void Open()
    {
        _isOpen = true;
        Monitor.PulseAll(gate);
    }

    /// <summary>
    /// Calls the finalizer thread here. To be repeated with older generations until it comes: another collection may have made our
    /// finalizable object older, and the finalizers that are due before it may take any time.
    /// </summary>
    public void Call(int generation)
    {
        LeaveSentinel();
        GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
    }

    // In a method of its own, so that no register or stack slot of the caller keeps the sentinel alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveSentinel() => _ = new Sentinel(this);

    private void HoldUp()
    {
        lock (gate)
        {
            IsReached = true;
            Monitor.PulseAll(gate);
            while (!_isOpen)
                Monitor.Wait(gate);
        }
    }

    private sealed class Sentinel(FinalizerBarrier barrier)
    {
#pragma warning disable MA0055 // A finalizer is the one place that runs on the finalizer thread.
        ~Sentinel() => barrier.HoldUp();
#pragma warning restore MA0055
    }
}
