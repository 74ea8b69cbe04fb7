using MerBench.Models.Baselines;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Probe;

/// <summary>Ridge regression on standardised embeddings, in closed form.</summary>
internal sealed class RidgeHead : IProbeHead
{
    private readonly PenaltyGrid _grid;
    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    public RidgeHead(long dimensions, long ratings, double penalty, Device device)
    {
        _grid = new PenaltyGrid(0.1, 1e5, 25, penalty);
        Add("embedding.mean", zeros(dimensions, device: device));
        Add("embedding.deviation", ones(dimensions, device: device));
        Add("weight", zeros(dimensions, ratings, device: device));
        Add("bias", zeros(ratings, device: device));
        Add("penalty", zeros(1, device: device));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <inheritdoc/>
    public Tensor Predict(Tensor embeddings) =>
        ((embeddings - _state["embedding.mean"]) / _state["embedding.deviation"]).matmul(_state["weight"]) + _state["bias"];

    /// <inheritdoc/>
    public void Fit(EmbeddedClips training, EmbeddedClips? validation, CancellationToken cancel)
    {
        EmbeddedClips exact = training.To(float64, CPU);
        EmbeddedClips? unseen = validation?.To(float64, CPU);
        RidgeFit fit = RidgeFit.Solve(
            (exact.Values, exact.Ratings),
            unseen is null ? null : (unseen.Values, unseen.Ratings),
            _grid,
            cancel
        );
        _state["embedding.mean"].copy_(fit.Mean);
        _state["embedding.deviation"].copy_(fit.Deviation);
        _state["weight"].copy_(fit.Weight);
        _state["bias"].copy_(fit.Bias);
        _state["penalty"].fill_(fit.Penalty);
    }

    /// <inheritdoc/>
    public void ToDouble()
    {
        foreach ((string name, Tensor value) in _state.ToArray())
        {
            _state[name] = value.to(float64).DetachFromDisposeScope();
            value.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _state.Values)
            tensor.Dispose();
    }

    private void Add(string name, Tensor tensor) => _state.Add(name, tensor.DetachFromDisposeScope());
}
