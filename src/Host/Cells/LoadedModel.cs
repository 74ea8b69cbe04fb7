using MerBench.Host.Arithmetic;
using MerBench.Host.Checks;
using MerBench.Host.Data;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>A model ready to be attacked: weights in place, evaluation mode, parameters frozen, every output checked.</summary>
public sealed class LoadedModel : IDisposable
{
    private const int ClipsToCheck = 8;

    // In float64 they cost most: of a large network fewer tell as much.
    private const int FewestInDouble = 2,
        ClipsOfUnknownCost = 4;
    private const double FlopsInDouble = 16e9;

    // Ten times what the contract allows: networks with large activations round more.
    private const double FrozenTolerance = 1e-4;

    private readonly IModel _model;
    private readonly PreparedDataset _data;
    private readonly Device _device;
    private readonly Precision _precision;
    private readonly Func<IModel>? _build;
    private readonly Dictionary<Precision, IFrozenModel> _frozen = [];
    private readonly Dictionary<(Domain, Precision?), IReadOnlyList<Prediction>> _clean = [];
    private readonly Dictionary<Domain, IReadOnlyList<Doubt>> _doubts = [];

    /// <param name="precision">In which attacks compute, where the model offers it.</param>
    /// <param name="build">Builds another instance of the model, for its checks; null where they have to do without.</param>
    internal LoadedModel(
        string key,
        string plugin,
        IModel model,
        PreparedDataset data,
        Device device,
        Precision precision,
        Func<IModel>? build = null
    )
    {
        (Key, Plugin, _model, _data, _device, _precision, _build) = (key, plugin, model, data, device, precision, build);
        model.SetTraining(false);
        if (model is ITrainableModel trainable)
            foreach (TorchSharp.Modules.Parameter parameter in trainable.Parameters)
                parameter.requires_grad_(false);
    }

    public string Key { get; }

    public string Plugin { get; }

    /// <summary>Floating-point operations of one clip's prediction, where the model knows them.</summary>
    public double? ForwardFlops => (_model as IForwardCost)?.ForwardFlops;

    /// <summary>The format in which attacks compute.</summary>
    public Precision Precision => _model is IFreezable || _precision == Precision.Tf32 ? _precision : Precision.Fp32;

    /// <summary>The map from a domain to the model's output by which results are judged; differentiable with respect to its input.</summary>
    public Func<Tensor, ModelOutput> From(Domain domain) => Map(domain, _model.Forward);

    /// <summary>The same map as attacks see it: in the model's faster form, where it offers one.</summary>
    /// <exception cref="CellFailedException">The faster form predicts something else than the model.</exception>
    public Func<Tensor, ModelOutput> FromFrozen(Domain domain, Precision precision) =>
        _model is IFreezable freezable ? Map(domain, Frozen(freezable, precision).Forward) : From(domain);

    private Func<Tensor, ModelOutput> Map(Domain domain, Func<Tensor, ModelOutput> forward) =>
        input =>
        {
            FinalizerPause.LetFinalizersRun();
            Tensor modelInput = domain == Domain.Waveform && _model.Input == Domain.Features ? _data.FromWaveform(input) : input;
            return Check(forward(modelInput), input.shape[0]);
        };

    private IFrozenModel Frozen(IFreezable freezable, Precision precision)
    {
        if (precision == Precision.Tf32)
            precision = Precision.Fp32;
        if (_frozen.TryGetValue(precision, out IFrozenModel? known))
            return known;
        IFrozenModel frozen = freezable.Freeze(precision);
        _frozen[precision] = frozen;
        if (precision == Precision.Fp32)
            RequireSame(frozen);
        return frozen;
    }

    private void RequireSame(IFrozenModel frozen)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using IDisposable products = MatrixProducts.In(Precision.Fp32);
        LabelledClips clips = _data.Inputs(Split.Test, _model.Input);
        Tensor few = clips.Input[TensorIndex.Slice(0, Math.Min(ClipsToCheck, clips.Count))].to(_device);
        Tensor expected = _model.Forward(few).Emotion,
            found = Check(frozen.Forward(few), few.shape[0]).Emotion;
        double scale = Math.Max(_data.Emotions.Maximum - _data.Emotions.Minimum, expected.abs().max().item<float>()),
            apart = (expected - found).abs().max().item<float>();
        if (!(apart <= FrozenTolerance * scale))
            throw new CellFailedException(
                FormattableString.Invariant(
                    $"{Plugin}'s form for attacks predicts {apart:g2} away from the model itself: IFreezable.Freeze leaves something out."
                )
            );
    }

    /// <summary>Reasons not to believe any attack on this model in a domain; looked for once.</summary>
    internal IReadOnlyList<Doubt> Doubts(Domain domain)
    {
        if (_doubts.TryGetValue(domain, out IReadOnlyList<Doubt>? known))
            return known;
        using var scope = NewDisposeScope();
        LabelledClips clips = _data.Inputs(Split.Test, domain);
        Tensor few = clips.Input[TensorIndex.Slice(0, Math.Min(ClipsToCheck, clips.Count))].to(_device);
        double scale = _data.Emotions.Maximum - _data.Emotions.Minimum;
        IReadOnlyList<Doubt> doubts = ModelChecks.Of(From(domain), _model.State, few, scale, RandomStream.For("model checks"));
        return _doubts[domain] = [.. doubts, .. OfArithmetic(domain, few, scale, doubts)];
    }

    private IReadOnlyList<Doubt> OfArithmetic(Domain domain, Tensor clips, double scale, IReadOnlyList<Doubt> known)
    {
        if (known.Any(d => d.Check is "random-model" or "train-mode"))
            return [];
        using IDisposable products = MatrixProducts.In(Precision.Fp32);
        using IModel? copy = DoublePrecision.Copy(_model, _build);
        var forms = new ModelForms(From(domain), FormForAttacks(domain, Precision.Fp32), copy is null ? null : Map(domain, copy.Forward))
        {
            Rounded = Precision == Precision.Fp32 ? null : (FormForAttacks(domain, Precision), Precision),
        };
        int few = ForwardFlops is { } flops ? (int)Math.Clamp(FlopsInDouble / flops, FewestInDouble, ClipsToCheck) : ClipsOfUnknownCost;
        bool isDifferentiable = !known.Any(d => d.Check == "not-differentiable");
        Tensor sample = clips[TensorIndex.Slice(0, Math.Min(few, clips.shape[0]))];
        return ArithmeticCheck.Examine(forms, sample, scale, RandomStream.For("arithmetic check"), isDifferentiable);
    }

    // A form that cannot be used fails the cells of attacks, and corruptions do without.
    private Func<Tensor, ModelOutput> FormForAttacks(Domain domain, Precision precision)
    {
        try
        {
            return FromFrozen(domain, precision);
        }
        catch (Exception e) when (e is CellFailedException or PluginUserException)
        {
            return From(domain);
        }
    }

    /// <summary>Predictions for the clean test clips, computed once for each domain.</summary>
    /// <param name="precision">As attacks see them, which objectives compare with; null for those by which results are judged.</param>
    internal IReadOnlyList<Prediction> Clean(Domain domain, int batch, Precision? precision, CancellationToken cancel)
    {
        if (_clean.TryGetValue((domain, precision), out IReadOnlyList<Prediction>? known))
            return known;
        LabelledClips clips = _data.Inputs(Split.Test, domain);
        Func<Tensor, ModelOutput> map = precision is { } format ? FromFrozen(domain, format) : From(domain);
        var predictions = new List<Prediction>();
        for (long start = 0; start < clips.Count; start += batch)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            predictions.AddRange(
                Predict(
                    clips.Input[TensorIndex.Slice(start, Math.Min(start + batch, clips.Count))].to(_device),
                    map,
                    precision ?? Precision.Fp32
                )
            );
        }

        return _clean[(domain, precision)] = predictions;
    }

    /// <summary>Predicts a batch without gradients; every value is finite.</summary>
    internal IReadOnlyList<Prediction> Predict(Tensor input, Domain domain) => Predict(input, From(domain), Precision.Fp32);

    private IReadOnlyList<Prediction> Predict(Tensor input, Func<Tensor, ModelOutput> map, Precision precision)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using IDisposable products = MatrixProducts.In(precision);
        ModelOutput output = map(input);
        float[][] emotion = Rows(output.Emotion, "emotion");
        float[][]? concepts = output.Concepts is null ? null : Rows(output.Concepts, "concept");
        return [.. emotion.Select((row, i) => new Prediction(row, concepts?[i]))];
    }

    public void Dispose()
    {
        foreach (IFrozenModel frozen in _frozen.Values)
            frozen.Dispose();
        _model.Dispose();
    }

    private ModelOutput Check(ModelOutput output, long clips)
    {
        RequireShape(output.Emotion, clips, _data.Emotions.Count, "emotions");
        if (output.Concepts is { } concepts && _data.Concepts is { } space)
            RequireShape(concepts, clips, space.Count, "concepts");
        return output;
    }

    private void RequireShape(Tensor? tensor, long clips, int labels, string what)
    {
        if (tensor is null || !tensor.shape.SequenceEqual([clips, labels]))
            throw new CellFailedException(
                $"{Plugin} returned {what} of shape [{(tensor is null ? "" : string.Join(", ", tensor.shape))}] where [{clips}, {labels}] was expected."
            );
    }

    private float[][] Rows(Tensor values, string what)
    {
        float[] flat = values.to(float32).cpu().contiguous().data<float>().ToArray();
        if (!Array.TrueForAll(flat, float.IsFinite))
            throw new CellFailedException($"{Plugin} predicted NaN or infinity for an {what}.");
        return flat.Length == 0 ? [] : [.. flat.Chunk((int)values.shape[1])];
    }
}

/// <summary>A model's output for one clip.</summary>
internal sealed record Prediction(float[] Emotion, float[]? Concepts)
{
    /// <summary>Predictions of several clips as a model's output.</summary>
    public static ModelOutput Stack(IReadOnlyList<Prediction> predictions, Device device) =>
        new(
            stack([.. predictions.Select(p => tensor(p.Emotion))]).to(device),
            predictions[0].Concepts is null ? null : stack([.. predictions.Select(p => tensor(p.Concepts!))]).to(device)
        );
}
