using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>How one kind of perturbation goes through a cell: an instance of its plugin, for this cell alone.</summary>
internal interface IPerturber : IDisposable
{
    /// <summary>In which it asks the model; null for one that asks nothing.</summary>
    Precision? Precision { get; }

    /// <summary>Lets a plugin that learns do so before it sees a test clip.</summary>
    CallsOfFit Fit(IProgress<double>? progress, CancellationToken cancel);

    /// <summary>Perturbs a batch, checks what came back, and predicts.</summary>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    PerturbedBatch Perturb(CellBatch batch, CancellationToken cancel);

    /// <summary>Reasons not to believe the cell, those of its model included; asked when all clips are perturbed.</summary>
    IEnumerable<Doubt> Examine(IReadOnlyList<ClipRow> clips, CancellationToken cancel);
}

/// <summary>Calls of a model on training clips.</summary>
internal readonly record struct CallsOfFit(long Forward, long Gradient);

/// <summary>What became of a batch.</summary>
/// <param name="Input">The perturbed inputs.</param>
/// <param name="Predictions">By which results are judged.</param>
internal sealed record PerturbedBatch(Tensor Input, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>Of each clip; empty where the model was not asked.</summary>
    public IReadOnlyList<long> ForwardCalls { get; init; } = [];

    /// <inheritdoc cref="ForwardCalls"/>
    public IReadOnlyList<long> GradientCalls { get; init; } = [];

    /// <summary>Gradient calls that were not made because the same had been asked before.</summary>
    public long SparedCalls { get; init; }

    /// <summary>What the plugin noted of each clip; empty where it noted nothing.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Notes { get; init; } = [];

    public Realised? Realised { get; init; }
}

/// <summary>
/// The audio that resynthesis found, what it is predicted as, how far it is from what was wanted, and how loud the change is.
/// </summary>
internal sealed record Realised(Tensor Waveform, IReadOnlyList<Prediction> Predictions, float[] Residual, float[] SnrDb);
