using static TorchSharp.torch;

namespace MerBench.Models.Composed.Smoothing;

/// <summary>
/// A model of the benchmark under Gaussian noise: it predicts the median over draws, and proves how far perturbations can move that.
/// Predictions are the median over draws that are always the same; certificates are about the median over all noise, and are computed from
/// draws of their own. Attacks follow the mean over other draws: expectation over transformation (Athalye et al., ICML 2018).
/// </summary>
/// <param name="options">Which model, and how much noise.</param>
[Model(
    "smoothed",
    FillsChannelBlocks = true,
    Summary = "Median of another model under noise, with certificates",
    Source = "Chiang et al., Detection as Regression: Certified Object Detection with Median Smoothing, NeurIPS 2020, arXiv 2007.03730"
)]
[Reference(
    """
        @inproceedings{chiang2020,
          author    = {Chiang, Ping-yeh and Curry, Michael and Abdelkader, Ahmed and Kumar, Aounon and Dickerson, John and Goldstein, Tom},
          title     = {Detection as Regression: Certified Object Detection with Median Smoothing},
          booktitle = {Advances in Neural Information Processing Systems},
          volume    = {33},
          year      = {2020},
        }
        """
)]
public sealed class SmoothedModel(SmoothedOptions options) : IComposedModel, IFreezable, ICertifiable
{
    private ModelPart? _part;
    private NoiseDraws? _noise;
    private Tensor? _draws;
    private Tensor? _attackDraws;

    /// <summary>Where the noise is added.</summary>
    public Domain Input { get; private set; }

    /// <summary>Empty: the weights are the smoothed model's.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Compose(IReadOnlyList<ModelPart> parts)
    {
        _part = parts[0];
        Input = options.Input ?? _part.Input;
        if (Input < _part.Input)
            throw new PluginUserException($"smoothed: '{_part.Name}' reads waveforms, and 'input: features' adds noise to features.");
    }

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        _noise = new NoiseDraws(context.InputShape, options.Noise, context.Device);
        _draws = _noise.TakeAll(options.PredictionSamples, context.Random.Fork("prediction")).DetachFromDisposeScope();
        _attackDraws = _noise.TakeAll(options.AttackSamples, context.Random.Fork("attack")).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        int middle = (options.PredictionSamples + 1) / 2;
        return Move(Predict(_part!.From(Input), input, _draws!), values => values.kthvalue(middle, 0).values);
    }

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) => new AttackForm(this, precision);

    /// <inheritdoc/>
    public IReadOnlyList<ICertificate> Certify(Tensor clips, IReadOnlyList<RandomStream> random, CancellationToken cancel) =>
        [.. random.Select((stream, i) => Certify(clips[i], stream, cancel))];

    /// <inheritdoc/>
    public void SetTraining(bool training) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        _draws?.Dispose();
        _attackDraws?.Dispose();
    }

    private SmoothingCertificate Certify(Tensor clip, RandomStream random, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        var predictions = new List<Tensor>();
        foreach (Tensor noise in _noise!.Take(options.Samples, random))
        {
            cancel.ThrowIfCancellationRequested();
            using var piece = NewDisposeScope();
            predictions.Add(_part!.From(Input)(clip.unsqueeze(0) + noise).Emotion.to(float64).cpu().MoveToOuterDisposeScope());
            noise.Dispose();
        }

        Tensor sorted = cat(predictions).sort(0).Values.transpose(0, 1).contiguous();
        int emotions = (int)sorted.shape[0];
        double[][] rows = [.. Enumerable.Range(0, emotions).Select(e => sorted[e].data<double>().ToArray())];
        return new SmoothingCertificate(rows, options.Noise, options.Confidence);
    }

    // Predictions of each clip under each draw, [draws, B, ...].
    private static ModelOutput Predict(Func<Tensor, ModelOutput> model, Tensor input, Tensor draws)
    {
        long clips = input.shape[0];
        long atOnce = Math.Max(1, NoiseDraws.Rows / clips);
        ModelOutput[] answers = [.. draws.split(atOnce).Select(some => model((input.unsqueeze(0) + some.unsqueeze(1)).flatten(0, 1)))];
        long[] rows = [draws.shape[0], clips];
        return ModelOutput.Combine(answers, parts => cat(parts).unflatten(0, rows));
    }

    private static ModelOutput Move(ModelOutput underNoise, Func<Tensor, Tensor> statistic) =>
        underNoise.Map(values => statistic(values).MoveToOuterDisposeScope());

    private sealed class AttackForm(SmoothedModel model, Precision precision) : ISampledForm
    {
        private readonly Func<Tensor, ModelOutput> _frozen = model._part!.FromFrozen(model.Input, precision);

        public int Samples => (int)model._attackDraws!.shape[0];

        public ModelOutput Forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return Move(Predict(_frozen, input, model._attackDraws!), values => values.mean([0]));
        }

        public void Dispose() { }
    }
}
