namespace MerBench.Host.Storage;

/// <summary>What a store keeps entries of; each has a folder of that name in it.</summary>
/// <param name="Name">The folder.</param>
/// <param name="Meaning">What entries are, for people.</param>
/// <param name="IsFolder">Whether an entry is a folder of files with a manifest, or a single file that carries its own checksum.</param>
/// <param name="OldExtension">What files without checksum ended with, which older versions wrote; null where they are of no use.</param>
public sealed record EntryKind(string Name, string Meaning, bool IsFolder, string? OldExtension = null)
{
    public static readonly EntryKind Cells = new("cells", "finished cells", IsFolder: true),
        Models = new("models", "trained models", IsFolder: true),
        Checkpoints = new("checkpoints", "interrupted trainings", IsFolder: true),
        Features = new("features", "features of clips", IsFolder: false, ".bin"),
        Statistics = new("statistics", "statistics of recordings", IsFolder: false, ".bin"),
        Remarks = new("remarks", "remarks about recordings", IsFolder: false),
        Resynthesis = new("resynthesis", "audio that was searched for", IsFolder: false, ".safetensors"),
        Attempts = new("attempts", "what shards of a plan did", IsFolder: false),
        Batches = new("batches", "fastest numbers of clips a batch", IsFolder: false, ".txt"),
        Measured = new("measured", "what plugins measured of this machine", IsFolder: false),
        Arithmetic = new("arithmetic", "verdicts on libtorch's arithmetic", IsFolder: false),
        Finished = new("finished", "runs that need not run again", IsFolder: false);

    public static IReadOnlyList<EntryKind> All { get; } =
    [Cells, Models, Checkpoints, Features, Statistics, Remarks, Resynthesis, Attempts, Batches, Measured, Arithmetic, Finished];
}
