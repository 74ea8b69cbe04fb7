namespace MerBench.Host.Results.Archives;

/// <summary>A file of an archive, as the archive's own description knows it.</summary>
/// <param name="Name">Below the archive's root, with <c>/</c> between folders.</param>
/// <param name="Sha256">In lower-case hex.</param>
public sealed record ArchivedFile(string Name, long Bytes, string Sha256);
