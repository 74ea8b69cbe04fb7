using MerBench.Host.Data;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Some test clips on their way through a cell.</summary>
/// <param name="First">The place of the first one among the test clips.</param>
/// <param name="Clean">Clean predictions by which results are judged.</param>
/// <param name="CleanAsAttacked">The same as the model's form for attacks predicts them.</param>
internal sealed record CellBatch(
    int First,
    IReadOnlyList<Clip> Clips,
    Tensor Input,
    Tensor Targets,
    IReadOnlyList<Prediction> Clean,
    IReadOnlyList<Prediction> CleanAsAttacked,
    IProgress<double> Progress
)
{
    /// <summary>Ratings over time; null where the dataset has none.</summary>
    public CurveReference? Curve { get; init; }

    public IReadOnlyList<string> ClipIds => [.. Clips.Select(c => c.Id)];

    /// <summary>Some of its clips, as a batch of their own.</summary>
    /// <param name="clips">Their rows.</param>
    public CellBatch Select(IReadOnlyList<int> clips)
    {
        Tensor rows = tensor(clips.Select(c => (long)c).ToArray(), device: Input.device);
        return this with
        {
            Clips = [.. clips.Select(c => Clips[c])],
            Input = Input.index_select(0, rows),
            Targets = Targets.index_select(0, rows),
            Clean = [.. clips.Select(c => Clean[c])],
            CleanAsAttacked = [.. clips.Select(c => CleanAsAttacked[c])],
            Curve = Curve is { } curve ? curve with { Ratings = curve.Ratings.index_select(0, rows) } : null,
        };
    }
}

/// <summary>Takes batches of the test clips for one model and domain.</summary>
/// <param name="size">Clips a batch.</param>
internal sealed class CellBatches(PreparedDataset data, LoadedModel model, Domain domain, int size, Device device)
{
    public int Clips { get; } = data.Clips(Split.Test).Count;

    /// <summary>Where the batches of all test clips begin and end.</summary>
    public IEnumerable<(int First, int End)> Ranges =>
        Enumerable.Range(0, (Clips + size - 1) / size).Select(i => (i * size, Math.Min((i + 1) * size, Clips)));

    /// <param name="precision">In which the attack computes; null for corruptions.</param>
    /// <param name="progress">Of the cell; null where nobody waits for it.</param>
    public CellBatch Take(int first, int end, Precision? precision, IProgress<double>? progress, CancellationToken cancel)
    {
        LabelledClips inputs = data.Inputs(Split.Test, domain);
        IReadOnlyList<Prediction> Predict(Precision? format) =>
            [.. model.Clean(domain, size, format, cancel).Skip(first).Take(end - first)];
        return new CellBatch(
            first,
            [.. data.Clips(Split.Test).Skip(first).Take(end - first)],
            inputs.Input[TensorIndex.Slice(first, end)].to(device),
            inputs.Emotion[TensorIndex.Slice(first, end)].to(device),
            Predict(null),
            Predict(precision),
            new ShareOfProgress(progress, first / (double)Clips, (end - first) / (double)Clips)
        )
        {
            Curve = data.Moments is { } moments
                ? new CurveReference(inputs.Curve![TensorIndex.Slice(first, end)].to(device), moments)
                : null,
        };
    }
}
