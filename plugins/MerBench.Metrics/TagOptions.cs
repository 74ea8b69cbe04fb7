using System.ComponentModel;

namespace MerBench.Metrics;

/// <summary>Options of metrics of tags, which clips either have or have not.</summary>
/// <param name="Threshold">Clips rated above it have the tag.</param>
public sealed record TagOptions(
    [Description(
        "Clips rated above it have the tag, others have not. 0.5 when left out: the middle of the scale 0 to 1, to which datasets map "
            + "ratings."
    )]
        double Threshold = 0.5
);
