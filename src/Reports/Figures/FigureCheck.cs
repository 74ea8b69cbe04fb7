using MerBench.Host.Diagnosis;

namespace MerBench.Reports.Figures;

/// <summary>Whether figures can be drawn; everything else works without.</summary>
public static class FigureCheck
{
    /// <summary>Looks at what is installed here.</summary>
    public static Finding Examine() =>
        FigureWriter.Obstacle() is { } obstacle
            ? new Finding("figures", FindingStatus.Warning, $"cannot be drawn: {obstacle}", "Runs and audits write everything but figures.")
            : new Finding("figures", FindingStatus.Ok, "can be drawn");
}
