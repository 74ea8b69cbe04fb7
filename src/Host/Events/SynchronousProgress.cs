namespace MerBench.Host.Events;

/// <summary>Hands progress on at once, on the thread that reports it.</summary>
internal sealed class SynchronousProgress<T>(Action<T> handler) : IProgress<T>
{
    public void Report(T value) => handler(value);
}
