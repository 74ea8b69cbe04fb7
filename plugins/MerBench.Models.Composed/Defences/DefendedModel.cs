using static TorchSharp.torch;

namespace MerBench.Models.Composed.Defences;

/// <summary>
/// A model of the benchmark behind defences: corruptions that are to wash perturbations away. Attacks go through them, by their gradients
/// or those of stand-ins, and over other random numbers than predictions are made with (Athalye et al., Obfuscated Gradients Give a False
/// Sense of Security, ICML 2018; Tramer et al., On Adaptive Attacks to Adversarial Example Defenses, NeurIPS 2020).
/// </summary>
/// <param name="options">Which model, and what stands before it.</param>
[Model(
    "defended",
    FillsChannelBlocks = true,
    Summary = "Another model behind corruptions that are to wash perturbations away, attacked adaptively",
    Source = "Athalye et al., Obfuscated Gradients Give a False Sense of Security, ICML 2018"
)]
[Reference(
    """
        @inproceedings{athalye2018,
          author    = {Athalye, Anish and Carlini, Nicholas and Wagner, David},
          title     = {Obfuscated Gradients Give a False Sense of Security: Circumventing Defenses to Adversarial Examples},
          booktitle = {Proceedings of the 35th International Conference on Machine Learning},
          pages     = {274--283},
          year      = {2018},
        }
        """
)]
public sealed class DefendedModel(DefendedOptions options) : IDefendedModel, IFreezable
{
    private readonly Defence[] _defences = [.. options.Defences.Select(d => new Defence(d))];
    private ModelPart? _part;
    private CorruptionContext? _setting;
    private RandomStream[] _draws = [];
    private RandomStream[] _attackDraws = [];
    private bool _isRandom;

    /// <summary>Where the defences work.</summary>
    public Domain Input { get; private set; }

    /// <inheritdoc/>
    public string Undefended => options.Of;

    /// <inheritdoc/>
    public bool IsAdaptive => options.Adaptive;

    /// <inheritdoc/>
    public bool HasStandInGradient => IsAdaptive && _defences.Any(d => !d.IsExact);

    /// <summary>Empty: the weights are the defended model's.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Compose(IReadOnlyList<ModelPart> parts)
    {
        _part = parts[0];
        Input = options.Input ?? (_defences.All(d => d.WorksOn(_part.Input)) ? _part.Input : Domain.Waveform);
        if (Input < _part.Input)
            throw new PluginUserException($"defended: '{_part.Name}' reads waveforms, and 'input: features' defends features.");
        if (Array.Find(_defences, d => !d.WorksOn(Input)) is { } other)
            throw new PluginUserException(
                $"defended: '{other.Id}' does not work on {(Input == Domain.Features ? "features" : "waveforms")}."
            );
    }

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        Box? box = Input == Domain.Waveform ? new Box(-1, 1) : null;
        _setting = new CorruptionContext(empty(0), Input, 1, context.SampleRate, [], box) { FindFfmpeg = context.FindFfmpeg };
        _isRandom = Draws(context);
        RandomStream[] Streams(string purpose, int count) =>
            [.. Enumerable.Range(0, _isRandom ? count : 1).Select(i => context.Random.Fork($"{purpose} {i}"))];
        _draws = Streams("prediction", options.PredictionSamples);
        _attackDraws = Streams("attack", options.AttackSamples);
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => Predict(_part!.From(Input), input, _draws, CorruptionPurpose.Judging);

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) =>
        IsAdaptive && !_isRandom ? new Behind(this, precision) : new Estimate(this, precision);

    /// <inheritdoc/>
    public void SetTraining(bool training) { }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Defence defence in _defences)
            defence.Dispose();
    }

    // What comes out twice the same of noise draws nothing, and is the same for crafting and judging.
    private bool Draws(ModelContext context)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        RandomStream probe = context.Random.Fork("probe");
        var values = new float[context.InputShape.Aggregate(1L, (a, b) => a * b)];
        probe.FillNormal(values);
        Tensor clip = (tensor(values) * 0.1).reshape([1, .. context.InputShape]).to(context.Device);
        Tensor judged = Pass(clip, probe.Fork("once"), CorruptionPurpose.Judging);
        return !judged.Equals(Pass(clip, probe.Fork("again"), CorruptionPurpose.Crafting));
    }

    private Tensor Pass(Tensor input, RandomStream draw, CorruptionPurpose purpose)
    {
        CorruptionContext setting = _setting! with { Purpose = purpose };
        for (int i = 0; i < _defences.Length; i++)
        {
            string place = $"defence {i}";
            input = _defences[i].Pass(input, setting, () => draw.Fork(place));
        }

        return input;
    }

    private ModelOutput Predict(Func<Tensor, ModelOutput> model, Tensor input, RandomStream[] draws, CorruptionPurpose purpose)
    {
        using var scope = NewDisposeScope();
        ModelOutput[] answers = [.. draws.Select(draw => model(Pass(input, draw, purpose)))];
        return ModelOutput.Combine(answers, Average);
    }

    private static Tensor Average(IEnumerable<Tensor> answers) => stack(answers).mean([0]).MoveToOuterDisposeScope();

    private class Behind(DefendedModel model, Precision precision) : IFrozenModel
    {
        private readonly Func<Tensor, ModelOutput> _frozen = model._part!.FromFrozen(model.Input, precision);

        protected DefendedModel Model => model;

        public ModelOutput Forward(Tensor input) =>
            model.IsAdaptive ? model.Predict(_frozen, input, model._attackDraws, CorruptionPurpose.Crafting) : _frozen(input);

        public void Dispose() { }
    }

    private sealed class Estimate(DefendedModel model, Precision precision) : Behind(model, precision), ISampledForm
    {
        public int Samples => Model.IsAdaptive ? Model._attackDraws.Length : 1;
    }
}
