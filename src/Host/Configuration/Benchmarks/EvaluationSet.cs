using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>Another dataset on which models are judged that were trained on the benchmark's own.</summary>
/// <param name="Name">By which perturbations on it are told apart: <c>pgd on NAME</c>.</param>
/// <param name="Labels">From emotions of the benchmark's dataset to those of this one; emotions that are not named are taken by their own
/// names.</param>
public sealed record EvaluationSet(string Name, PluginUse Dataset, IReadOnlyDictionary<string, LabelRule> Labels, SourceLocation At);

/// <summary>How ratings of another dataset become ratings of the benchmark's own.</summary>
/// <param name="From">The other dataset's emotion; null for the same name.</param>
/// <param name="Scale">Ratings of the other that stand for the ends of the benchmark's scale, low and high; null for the ends of its own
/// scale.</param>
/// <param name="IsReversed">Whether the other rates the opposite.</param>
/// <param name="Affine">Factor and offset instead: <c>factor * rating + offset</c> in the benchmark's units.</param>
public sealed record LabelRule(string? From, (double Low, double High)? Scale, bool IsReversed, (double Factor, double Offset)? Affine)
{
    /// <summary>The same name, from scale to scale.</summary>
    public static LabelRule Standard { get; } = new(null, null, false, null);

    /// <summary>Factor and offset from ratings of one scale to another.</summary>
    public (double Factor, double Offset) Find(LabelSpace from, LabelSpace to)
    {
        if (Affine is { } affine)
            return affine;
        (double low, double high) = Scale ?? (from.Minimum, from.Maximum);
        if (IsReversed)
            (low, high) = (high, low);
        double factor = (to.Maximum - to.Minimum) / (high - low);
        return (factor, to.Minimum - (factor * low));
    }
}
