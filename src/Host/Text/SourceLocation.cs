namespace MerBench.Host.Text;

/// <summary>A place in a benchmark file; line and column count from 1.</summary>
public readonly record struct SourceLocation(string File, long Line, long Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
