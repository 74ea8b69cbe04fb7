using MerBench.Host.Figures;

namespace MerBench.Host.Diagnosis;

/// <summary>Whether figures can be drawn; everything else works without.</summary>
internal static class FigureCheck
{
    public static Finding Examine() =>
        FigureWriter.Obstacle() is { } obstacle
            ? new Finding("figures", FindingStatus.Warning, $"cannot be drawn: {obstacle}", "Runs and audits write everything but figures.")
            : new Finding("figures", FindingStatus.Ok, "can be drawn");
}
