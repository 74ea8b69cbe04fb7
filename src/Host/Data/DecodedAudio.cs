namespace MerBench.Host.Data;

/// <summary>A file's sound.</summary>
/// <param name="Samples">Mono, at the rate that was asked for.</param>
/// <param name="Remarks">What somebody should know who uses it, such as that parts of it are lost.</param>
public sealed record DecodedAudio(short[] Samples, IReadOnlyList<string> Remarks);
