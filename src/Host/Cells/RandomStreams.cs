using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Cells;

/// <summary>
/// The random numbers of a run, keyed by what a benchmark says and not by content keys: a plugin that is built again draws the same
/// numbers,
/// and models of one plugin and seed start alike and meet the same noise, so that what sets them apart is not the draw.
/// </summary>
internal static class RandomStreams
{
    /// <summary>Of a model's initial weights and training.</summary>
    public static RandomStream Create(ModelDefinition model, int seed) => RandomStream.For("model", model.Use.Plugin.Id, Text(seed));

    /// <summary>Of the perturbation of one clip; neither batches nor order matter.</summary>
    public static RandomStream Create(Cell cell, Clip clip) =>
        RandomStream.For(
            "cell",
            cell.Perturbation.Use.Plugin.Id,
            cell.Perturbation.Use.OptionsJson,
            cell.Strength,
            Text(cell.Seed),
            clip.Id
        );

    private static string Text(int seed) => seed.ToString(CultureInfo.InvariantCulture);
}
