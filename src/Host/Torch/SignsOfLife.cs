using System.Diagnostics;

namespace MerBench.Host.Torch;

/// <summary>When work was last heard of. Any thread may give a sign.</summary>
public sealed class SignsOfLife
{
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>How long nothing was heard.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Interlocked.Read(ref _last));

    public void Give() => Interlocked.Exchange(ref _last, Stopwatch.GetTimestamp());
}
