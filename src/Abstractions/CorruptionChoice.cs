namespace MerBench;

/// <summary>A corruption chosen in a benchmark file as an option of a plugin: <c>{ use: noise, severity: 2, with: { color: pink } }</c>, or
/// its id alone.</summary>
public abstract class CorruptionChoice
{
    /// <summary>The corruption's id.</summary>
    public abstract string Id { get; }

    /// <summary>1 (slight) to 5 (severe); 1 unless it is given.</summary>
    public abstract int Severity { get; }

    /// <summary>Makes the corruption with its options.</summary>
    public abstract ICorruption Create();
}
