using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Models.Baselines;

/// <summary>A baseline without a deep network: ridge regression from per-band statistics of the features to the emotions, in closed
/// form.</summary>
/// <param name="options">Penalty, or the grid it is chosen from.</param>
[Model(
    "ridge",
    FillsChannelBlocks = true,
    Summary = "Ridge regression on per-band statistics of spectrograms",
    Source = "Hoerl and Kennard, Ridge regression, Technometrics 12(1), 1970"
)]
[Reference(
    """
        @article{hoerl1970,
          author  = {Hoerl, Arthur E. and Kennard, Robert W.},
          title   = {Ridge Regression: Biased Estimation for Nonorthogonal Problems},
          journal = {Technometrics},
          volume  = {12},
          number  = {1},
          pages   = {55--67},
          year    = {1970},
          doi     = {10.1080/00401706.1970.10488634},
        }
        """
)]
public sealed class RidgeModel(RidgeOptions options) : IFittableModel, IDoublePrecision, ICertifiable
{
    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Domain Input => Domain.Features;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        if (context.InputShape is not [>= 2, >= 1])
        {
            throw new PluginUserException(
                $"ridge reads features of at least 2 frames; this dataset and front end give [{string.Join(", ", context.InputShape)}]. "
                    + $"Use longer excerpts."
            );
        }

        if (options.SmallestPenalty > options.LargestPenalty)
            throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ridge: smallest-penalty {options.SmallestPenalty} is above largest-penalty {options.LargestPenalty}."
                )
            );
        long statistics = SpectrogramStatistics.Count(context.InputShape[1]);
        Add("statistics.mean", zeros(statistics, device: context.Device));
        Add("statistics.deviation", ones(statistics, device: context.Device));
        Add("weight", zeros(statistics, context.Emotions.Count, device: context.Device));
        Add("bias", zeros(context.Emotions.Count, device: context.Device));
        Add("penalty", zeros(1, device: context.Device));
    }

    /// <inheritdoc/>
    public void Fit(LabelledClips training, LabelledClips validation, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        RidgeFit fit = RidgeFit.Solve(
            (Statistics(training), Targets(training)),
            options.Selection == PenaltySelection.Gcv || validation.Count == 0 ? null : (Statistics(validation), Targets(validation)),
            new PenaltyGrid(options.SmallestPenalty, options.LargestPenalty, options.GridSize, options.Penalty),
            cancel
        );
        Set("statistics.mean", fit.Mean);
        Set("statistics.deviation", fit.Deviation);
        Set("weight", fit.Weight);
        Set("bias", fit.Bias);
        Set("penalty", tensor([fit.Penalty]));
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor standardised = (SpectrogramStatistics.Compute(input) - _state["statistics.mean"]) / _state["statistics.deviation"];
        return new ModelOutput((standardised.mm(_state["weight"]) + _state["bias"]).MoveToOuterDisposeScope());
    }

    /// <summary>Proves by Lipschitz constants, in closed form (<see cref="RidgeLipschitz"/>).</summary>
    /// <inheritdoc/>
    public IReadOnlyList<ICertificate> Certify(Tensor clips, IReadOnlyList<RandomStream> random, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        IReadOnlyDictionary<Norm, IReadOnlyList<double>> slopes = RidgeLipschitz.Compute(
            _state["statistics.deviation"],
            _state["weight"],
            clips.shape[1]
        );
        Tensor predictions = Forward(clips).Emotion.to(float64).cpu();
        return [.. random.Select((_, i) => new LipschitzCertificate(predictions[i].data<double>().ToArray(), slopes))];
    }

    /// <inheritdoc/>
    public void SetTraining(bool training) { }

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

    private static Tensor Statistics(LabelledClips clips) => SpectrogramStatistics.Compute(clips.Input).cpu().to(float64);

    private static Tensor Targets(LabelledClips clips) => clips.Emotion.cpu().to(float64);

    private void Add(string name, Tensor tensor) => _state.Add(name, tensor.DetachFromDisposeScope());

    private void Set(string name, Tensor value) => _state[name].copy_(value);
}
