namespace MerBench.Analysis.Snapshots;

/// <summary>What a comparison with the snapshot says, from good to bad.</summary>
public enum SnapshotVerdict
{
    /// <summary>All metrics lie within their tolerances.</summary>
    Same,

    /// <summary>Metrics left their tolerances, and the paired test shows lower errors.</summary>
    Improved,

    /// <summary>Metrics left their tolerances, and the clips do not show in which direction: the change is no larger than the noise between
    /// clips and seeds.</summary>
    CannotTell,

    /// <summary>Not in the snapshot.</summary>
    New,

    /// <summary>In the snapshot alone.</summary>
    Missing,

    /// <summary>Metrics left their tolerances, and the paired test shows higher errors.</summary>
    Regressed,

    /// <summary>The cell failed: there is nothing to compare.</summary>
    Failed,
}
