using System.ComponentModel;

namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>A long table of ratings over time: one row a clip and moment.</summary>
public sealed record CurveOptions(
    [Description("CSV file with a header; rows in any order, the moments of a clip evenly spaced, and blank cells where nobody rated.")]
    [FilePath]
        string File,
    [Description("Column of the clips' ids; the first column by default.")] string? IdColumn = null,
    [Description("Column of the moments, in seconds from the start of the recording.")] string TimeColumn = "time"
);
