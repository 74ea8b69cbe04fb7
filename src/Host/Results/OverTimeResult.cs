namespace MerBench.Host.Results;

/// <summary>What a cell did to predictions over time.</summary>
/// <param name="HopSeconds">From one moment to the next; the first is the excerpt's beginning.</param>
/// <param name="PerSong">By metric id: computed over the moments of each clip, then the mean over clips in which it is defined, clean and
/// perturbed.</param>
/// <param name="AllFrames">By metric id: computed over all rated moments of all clips at once.</param>
/// <param name="Harm">At each moment: how much the mean absolute error rose, the mean over clips; null where nobody rated.</param>
/// <param name="Change">At each moment: how far predictions moved, the mean over clips and emotions.</param>
/// <param name="Largest">The clip and moment of the largest harm.</param>
public sealed record OverTimeResult(
    double HopSeconds,
    IReadOnlyDictionary<string, MetricResult> PerSong,
    IReadOnlyDictionary<string, MetricResult> AllFrames,
    IReadOnlyList<double?> Harm,
    IReadOnlyList<double> Change,
    MomentOfHarm Largest
)
{
    /// <summary>By metric id and emotion: in how many clips the metric is not defined, so that they are left out of
    /// <see cref="PerSong"/>; only those with some.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> SongsLeftOut { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);

    /// <summary>How far the change reaches beyond the window; null where inputs may change everywhere.</summary>
    public ReachBeyondWindow? Reach { get; init; }

    /// <summary>The curves of <see cref="Largest"/>'s clip.</summary>
    public CurveExample? Example { get; init; }
}

/// <summary>A moment of a clip.</summary>
/// <param name="Seconds">After the beginning of the excerpt.</param>
/// <param name="Harm">How much the mean absolute error rose then.</param>
public sealed record MomentOfHarm(string Clip, double Seconds, double Harm);

/// <summary>What a perturbation that is confined to a window does outside of it.</summary>
/// <param name="From">The window's beginning, in seconds.</param>
/// <param name="To">Its end.</param>
/// <param name="Share">Share of the whole change of predictions that lies outside.</param>
/// <param name="Seconds">How far from the window the change is still a tenth of its largest; 0 where it is less everywhere outside.</param>
public sealed record ReachBeyondWindow(double From, double To, double Share, double Seconds);

/// <summary>The curves of one clip, for pictures: <c>[K][E]</c>, null where nobody rated.</summary>
public sealed record CurveExample(
    string Clip,
    IReadOnlyList<IReadOnlyList<double?>> Rated,
    IReadOnlyList<IReadOnlyList<double?>>? Sd,
    IReadOnlyList<IReadOnlyList<double?>> Clean,
    IReadOnlyList<IReadOnlyList<double?>> Perturbed
);
