using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Probe;

/// <summary>One hidden layer on standardised embeddings, trained by Adam on all clips at once; the epoch that is best on the validation
/// clips counts.</summary>
internal sealed class MlpHead : IProbeHead
{
    private const double WeightDecay = 1e-4;
    private const double SmallestDeviation = 1e-6;

    private readonly Sequential _layers;
    private readonly BatchNorm1d _standard;
    private readonly ProbeOptions _options;

    /// <summary>Initialised from torch's generator.</summary>
    public MlpHead(long dimensions, long ratings, ProbeOptions options, Device device)
    {
        _options = options;
        // A batch norm that is never trained: it keeps mean and variance beside the weights.
        _standard = nn.BatchNorm1d(dimensions, eps: SmallestDeviation * SmallestDeviation, affine: false);
        _layers = nn.Sequential(
            ("standard", _standard),
            ("hidden", nn.Linear(dimensions, options.Hidden)),
            ("relu", nn.ReLU()),
            ("ratings", nn.Linear(options.Hidden, ratings))
        );
        _layers.to(device);
        _layers.eval();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _layers.state_dict();

    /// <inheritdoc/>
    public Tensor Predict(Tensor embeddings) => _layers.forward(embeddings);

    /// <inheritdoc/>
    public void Fit(EmbeddedClips training, EmbeddedClips? validation, CancellationToken cancel)
    {
        Standardise(training.Values);
        using optim.Optimizer optimizer = optim.Adam(_layers.parameters(), _options.LearningRate, weight_decay: WeightDecay);
        double best = double.PositiveInfinity;
        using var kept = NewDisposeScope();
        Dictionary<string, Tensor> weights = [];
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            cancel.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            using (enable_grad())
                Error(training).backward();
            optimizer.step();
            double error = Judge(validation ?? training);
            if (error >= best)
                continue;
            best = error;
            weights = State.ToDictionary(s => s.Key, s => s.Value.clone().MoveToOuterDisposeScope(), StringComparer.Ordinal);
        }

        using var guard = no_grad();
        foreach ((string name, Tensor value) in State)
            value.copy_(weights[name]);
        foreach (Parameter parameter in _layers.parameters())
            parameter.requires_grad_(false);
    }

    /// <inheritdoc/>
    public void ToDouble() => _layers.to(ScalarType.Float64);

    /// <inheritdoc/>
    public void Dispose() => _layers.Dispose();

    private void Standardise(Tensor embeddings)
    {
        using var guard = no_grad();
        Tensor variance = embeddings.var(0, unbiased: false);
        _standard.running_mean!.copy_(embeddings.mean([0]));
        _standard.running_var!.copy_(where(variance > SmallestDeviation * SmallestDeviation, variance, ones_like(variance)));
    }

    private Tensor Error(EmbeddedClips clips) => (Predict(clips.Values) - clips.Ratings).square().mean();

    private double Judge(EmbeddedClips clips)
    {
        using var guard = no_grad();
        return Error(clips).item<float>();
    }
}
