using MerBench.Host.Results;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Keeps the inputs of those clips that a cell harms most, while its batches come and go.</summary>
/// <param name="count">How many clips.</param>
internal sealed class WorstInputs(int count)
{
    private readonly List<(double Harm, KeptInput Input)> _kept = [];

    /// <summary>From the largest harm to the smallest; of equal ones the earlier clip is first.</summary>
    public IReadOnlyList<KeptInput> Inputs => [.. _kept.Select(k => k.Input)];

    /// <summary>Offers a clip; its tensors are copied only when it is kept.</summary>
    /// <param name="perturbed">Its perturbed input, without a batch dimension.</param>
    /// <param name="realised">The audio found for perturbed features, or null.</param>
    public void Offer(ClipRow clip, Tensor perturbed, Tensor? realised)
    {
        double harm = clip.Harm;
        int place = _kept.FindIndex(k => harm > k.Harm);
        if (place < 0)
            place = _kept.Count;
        if (place >= count)
            return;
        _kept.Insert(
            place,
            (harm, new KeptInput(clip.Clip, StoredTensor.From(perturbed), realised is null ? null : StoredTensor.From(realised)))
        );
        if (_kept.Count > count)
            _kept.RemoveAt(count);
    }
}
