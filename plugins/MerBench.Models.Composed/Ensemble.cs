using static TorchSharp.torch;

namespace MerBench.Models.Composed;

/// <summary>Several models of the benchmark as one. Attacks see all of them, so that their gradients are those of the ensemble.</summary>
/// <param name="options">Which models, and how they are summed up.</param>
[Model("model-ensemble", FillsChannelBlocks = true, Summary = "Mean or median of several models of the benchmark")]
public sealed class Ensemble(EnsembleOptions options) : IComposedModel, IFreezable
{
    // Parts that agree to the last bit are not infinitely sure.
    private const double LeastVariance = 1e-8;

    private IReadOnlyList<ModelPart> _parts = [];

    /// <summary>Waveforms where one of the parts reads those.</summary>
    public Domain Input { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Compose(IReadOnlyList<ModelPart> parts)
    {
        _parts = parts;
        Input = parts.Max(p => p.Input);
    }

    /// <inheritdoc/>
    public void Build(ModelContext context) { }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => Combine(input, p => p.From(Input));

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) => new Frozen(this, precision);

    /// <inheritdoc/>
    public void SetTraining(bool training) { }

    /// <inheritdoc/>
    public void Dispose() { }

    private ModelOutput Combine(Tensor input, Func<ModelPart, Func<Tensor, ModelOutput>> form)
    {
        using var scope = NewDisposeScope();
        ModelOutput[] answers = [.. _parts.Select(p => form(p)(input))];
        ModelOutput combined = ModelOutput.Combine(answers, predictions => Combine(predictions).MoveToOuterDisposeScope());
        return combined with { Spread = MeasureSpread(answers)?.MoveToOuterDisposeScope() };
    }

    // How far parts disagree, and how unsure each of them is: the deviation of their mixture.
    private static Tensor? MeasureSpread(ModelOutput[] answers)
    {
        if (answers.Length < 2)
            return answers[0].Spread?.clone();
        Tensor variance = stack([.. answers.Select(a => a.Emotion)]).var(0, unbiased: true);
        if (answers.All(a => a.Spread is not null))
            variance = variance + stack([.. answers.Select(a => a.Spread!.square())]).mean([0]);
        return (variance + LeastVariance).sqrt();
    }

    private Tensor Combine(Tensor[] predictions)
    {
        Tensor all = stack(predictions);
        if (options.Combine == Combination.Mean)
            return all.mean([0]);
        int middle = (predictions.Length - 1) / 2;
        Tensor sorted = all.sort(0).Values;
        return predictions.Length % 2 == 1 ? sorted[middle] : (sorted[middle] + sorted[middle + 1]) / 2;
    }

    private sealed class Frozen(Ensemble ensemble, Precision precision) : IFrozenModel
    {
        public ModelOutput Forward(Tensor input) => ensemble.Combine(input, p => p.FromFrozen(ensemble.Input, precision));

        public void Dispose() { }
    }
}
