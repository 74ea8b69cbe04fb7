namespace MerBench.Host.Cells;

/// <summary>Progress of a part of something.</summary>
/// <param name="whole">Null where nobody waits for it.</param>
/// <param name="start">Where the part begins, 0 to 1.</param>
/// <param name="share">How much of the whole it is.</param>
internal sealed class ShareOfProgress(IProgress<double>? whole, double start, double share) : IProgress<double>
{
    public void Report(double value) => whole?.Report(start + (share * Math.Clamp(value, 0, 1)));
}
