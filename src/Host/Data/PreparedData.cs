using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Data;

/// <summary>A benchmark's dataset as its models hear it: prepared once for all models of the same ears. Clips, ratings and splits are the
/// same for all.</summary>
public sealed class PreparedData : IDisposable
{
    private readonly BenchmarkDefinition _definition;
    private readonly IReadOnlyDictionary<Ears, PreparedDataset> _heard;

    /// <param name="heard">For each of <see cref="BenchmarkDefinition.EarsInUse"/>; owned from now on.</param>
    /// <exception cref="InvalidOperationException">They differ in clips, ratings or splits.</exception>
    internal PreparedData(BenchmarkDefinition definition, IReadOnlyDictionary<Ears, PreparedDataset> heard)
    {
        (_definition, _heard) = (definition, heard);
        Main = heard[definition.EarsInUse[0]];
        foreach (PreparedDataset other in heard.Values)
        foreach (Split split in Enum.GetValues<Split>())
            if (other.Moments is null && !other.Clips(split).SequenceEqual(Main.Clips(split)))
                throw new InvalidOperationException($"The {split} clips differ between models.");
        if (heard.Values.Any(d => d.Moments != Main.Moments || Main.Clips(Split.Test).Zip(d.Clips(Split.Test)).Any(p => !SamePlace(p))))
            throw new UserErrorException(
                "The dataset rates emotions over time, and models hear different excerpts of it. Give all models the same 'excerpt'."
            );
    }

    private static bool SamePlace((Clip One, Clip Other) clips) =>
        clips.One.Id == clips.Other.Id && clips.One.EmotionCurve?.StartSeconds == clips.Other.EmotionCurve?.StartSeconds;

    /// <summary>As models without ears of their own hear it; as the first model does where each has its own.</summary>
    public PreparedDataset Main { get; }

    /// <summary>Of a dataset that models were not trained on: what became of its labels, in words.</summary>
    public IReadOnlyList<string> LabelRemarks { get; private init; } = [];

    /// <summary>The same, with what became of its labels.</summary>
    internal PreparedData Describe(IReadOnlyList<string> labels) => new(_definition, _heard) { LabelRemarks = labels };

    public LabelSpace Emotions => Main.Emotions;

    public LabelSpace? Concepts => Main.Concepts;

    /// <summary>What somebody should know of recordings that are used.</summary>
    public IReadOnlyList<string> Remarks => [.. _heard.Values.SelectMany(d => d.Remarks).Distinct(StringComparer.Ordinal)];

    /// <summary>The dataset as a model hears it.</summary>
    public PreparedDataset For(ModelDefinition model) => _heard[_definition.EarsOf(model)];

    /// <summary>As models with such ears hear it.</summary>
    public PreparedDataset For(Ears ears) => _heard[ears];

    /// <summary>The clips of a split in the dataset's order.</summary>
    public IReadOnlyList<Clip> Clips(Split split) => Main.Clips(split);

    public void Dispose()
    {
        foreach (PreparedDataset dataset in _heard.Values)
            dataset.Dispose();
    }
}
