namespace MerBench.Host.Tests.Native;

/// <summary>An object that is finalized as soon as finalizers run.</summary>
internal sealed class Finalized
{
    private readonly ManualResetEventSlim _event = new();

    public void Leave()
    {
        Finalizable.Leave(_event.Set);
        GC.Collect();
    }

    public bool Wait(int milliseconds) => _event.Wait(milliseconds);
}
