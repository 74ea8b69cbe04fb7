using System.Globalization;
using System.Numerics;
using MerBench.Host.Data;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>A model ready to be attacked: weights in place, evaluation mode, parameters frozen, every output checked.</summary>
public sealed class LoadedModel : IDisposable
{
    private const int ClipsToCompare = 8;

    // Squares of errors still fit, and no rating is near.
    private const float Largest = 1e15f;

    // Ten times what the contract allows: networks with large activations round more.
    private const double FrozenTolerance = 1e-4;

    private readonly IModel _model;
    private readonly Device _device;
    private readonly Precision _precision;
    private readonly Func<IModel>? _build;
    private readonly Dictionary<Precision, IFrozenModel> _frozen = [];
    private readonly Dictionary<(Domain, Precision?), IReadOnlyList<Prediction>> _clean = [];
    private readonly Dictionary<Domain, IReadOnlyList<Doubt>> _doubts = [];
    private readonly StateDigest _state;
    private long _calls;
    private bool _draws;

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
        Key = key;
        Plugin = plugin;
        _model = model;
        Data = data;
        _device = device;
        _precision = precision;
        _build = build;
        model.SetTraining(false);
        if (model is ITrainableModel trainable)
            foreach (TorchSharp.Modules.Parameter parameter in trainable.Parameters)
                parameter.requires_grad_(false);
        _state = StateDigest.Compute(model.State);
        Certifier = model is ICertifiable certifiable && !data.IsElsewhere ? new ModelCertifier(certifiable, plugin, data, device) : null;
    }

    public string Key { get; }

    /// <summary>The clips as it hears them.</summary>
    internal PreparedDataset Data { get; }

    public string Plugin { get; }

    /// <summary>What it reads.</summary>
    public Domain Input => _model.Input;

    /// <summary>Floating-point operations of one clip's prediction, where the model knows them.</summary>
    public double? ForwardFlops => (_model as IForwardCost)?.ForwardFlops;

    /// <summary>Whether predicting was seen to draw from torch's generator, as dropout does that is on.</summary>
    internal bool Draws => _draws;

    /// <summary>The format in which attacks compute.</summary>
    public Precision Precision => _model is IFreezable || _precision == Precision.Tf32 ? _precision : Precision.Fp32;

    /// <summary>Asks it how far perturbations of what it reads can move its predictions; null where it proves nothing.</summary>
    internal ModelCertifier? Certifier { get; }

    /// <summary>The model as one behind a defence; null where it has none.</summary>
    internal IDefendedModel? Defended => _model as IDefendedModel;

    /// <summary>How many predictions one call of an attack stands for.</summary>
    public int SamplesPerCall(Precision precision) =>
        _model is IFreezable freezable && Frozen(freezable, precision) is ISampledForm sampled ? sampled.Samples : 1;

    /// <summary>The map from a domain to the output by which results are judged; differentiable with respect to its input.</summary>
    public Func<Tensor, ModelOutput> From(Domain domain) => Map(domain, _model.Forward, watchesAll: true);

    /// <summary>The same map as attacks see it: in the model's faster form, where it offers one.</summary>
    /// <exception cref="CellFailedException">The faster form predicts something else than the model.</exception>
    public Func<Tensor, ModelOutput> FromFrozen(Domain domain, Precision precision) =>
        Map(domain, _model is IFreezable freezable ? Frozen(freezable, precision).Forward : _model.Forward);

    /// <summary>The same map with another forward, such as that of a copy in float64.</summary>
    /// <param name="watchesAll">Looks at every call for who writes into its input; else ever more rarely, for attacks ask thousands of
    /// times.</param>
    internal Func<Tensor, ModelOutput> Map(Domain domain, Func<Tensor, ModelOutput> forward, bool watchesAll = false) =>
        input =>
        {
            FinalizerPause.LetFinalizersRun();
            if (domain == Domain.Features && _model.Input == Domain.Waveform)
                throw new CellFailedException(
                    $"{Plugin} reads waveforms, and this is a perturbation of features: 'domain: waveform' is one it hears."
                );
            bool isWatched = BitOperations.IsPow2(++_calls) || watchesAll;
            Tensor modelInput = input;
            if (domain == Domain.Waveform && _model.Input == Domain.Features)
                modelInput = Ask("the front end", Data.FromWaveform, input, isWatched);
            return Check(Ask(Plugin, forward, modelInput, isWatched), input.shape[0]);
        };

    /// <summary>Whether parameters and buffers are those of the beginning.</summary>
    /// <returns>The first one that is not; null where all are.</returns>
    internal string? FindChangedState() => _state.FindChange(_model.State);

    /// <summary>Says who changed parameters or buffers.</summary>
    /// <param name="perturber">The plugin that perturbed.</param>
    /// <returns>Null where all are those of the beginning.</returns>
    internal string? DescribeChange(string perturber)
    {
        if (FindChangedState() is not { } changed)
            return null;
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var before = StateDigest.Compute(_model.State);
        _model.Forward(Lent.Copy(Data.Inputs(Split.Test, _model.Input).Input[..1].to(_device)));
        return before.FindChange(_model.State) is { } moved
            ? $"predicting changes '{moved}' of {Plugin}, so that each prediction depends on those before: a layer is in training mode."
            : $"{perturber} wrote into '{changed}' of {Plugin}, which it was only to ask.";
    }

    private T Ask<T>(string plugin, Func<Tensor, T> plugged, Tensor input, bool isWatched)
    {
        if (!isWatched)
            return GuestCall.Blame(plugin, () => plugged(input));
        Tensor lent = Lent.Copy(input);
        byte[] generator = ProcessState.ReadGenerator();
        T answer = GuestCall.Blame(plugin, () => GuestCall.Ask(plugin, () => plugged(lent)));
        Lent.RequireUnspoiled(plugin, "the input", lent, input);
        _draws |= !ProcessState.ReadGenerator().AsSpan().SequenceEqual(generator);
        return answer;
    }

    private IFrozenModel Frozen(IFreezable freezable, Precision precision)
    {
        if (precision == Precision.Tf32)
            precision = Precision.Fp32;
        if (_frozen.TryGetValue(precision, out IFrozenModel? known))
            return known;
        IFrozenModel frozen = GuestCall.Make(Plugin, () => freezable.Freeze(precision));
        _frozen[precision] = frozen;
        if (precision == Precision.Fp32 && frozen is not ISampledForm)
            RequireSame(frozen);
        return frozen;
    }

    private void RequireSame(IFrozenModel frozen)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using IDisposable products = MatrixProducts.In(Precision.Fp32);
        LabelledClips clips = Data.Inputs(Split.Test, _model.Input);
        Tensor few = Lent.Copy(clips.Input[TensorIndex.Slice(0, Math.Min(ClipsToCompare, clips.Count))].to(_device));
        Tensor expected = Check(_model.Forward(few), few.shape[0]).Emotion;
        Tensor found = Check(frozen.Forward(few), few.shape[0]).Emotion;
        double scale = Math.Max(Data.Emotions.Maximum - Data.Emotions.Minimum, expected.abs().max().item<float>());
        double apart = (expected - found).abs().max().item<float>();
        if (!(apart <= FrozenTolerance * scale))
            throw new CellFailedException(
                FormattableString.Invariant(
                    $"{Plugin}'s form for attacks predicts {apart:g2} away from the model itself: IFreezable.Freeze leaves something out."
                )
            );
    }

    /// <summary>Reasons not to believe perturbations of this model in a domain; looked for once.</summary>
    internal IReadOnlyList<Doubt> Doubts(Domain domain) =>
        _doubts.TryGetValue(domain, out IReadOnlyList<Doubt>? known)
            ? known
            : _doubts[domain] = new ModelExamination(this, _model, _build, Data, _device).Examine(domain);

    /// <summary>Predictions for the clean test clips, computed once for each domain.</summary>
    /// <param name="precision">As attacks see them, which objectives compare with; null for those by which results are judged.</param>
    internal IReadOnlyList<Prediction> Clean(Domain domain, int batch, Precision? precision, CancellationToken cancel)
    {
        if (_clean.TryGetValue((domain, precision), out IReadOnlyList<Prediction>? known))
            return known;
        LabelledClips clips = Data.Inputs(Split.Test, domain);
        Func<Tensor, ModelOutput> map = precision is { } format ? FromFrozen(domain, format) : From(domain);
        var predictions = new List<Prediction>();
        for (long start = 0; start < clips.Count; start += batch)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            IReadOnlyList<Clip> batched = [.. Data.Clips(Split.Test).Skip((int)start).Take(batch)];
            predictions.AddRange(
                Predict(
                    clips.Input[TensorIndex.Slice(start, Math.Min(start + batch, clips.Count))].to(_device),
                    map,
                    precision ?? Precision.Fp32,
                    row =>
                        $"the clean clip '{batched[row].Id}': its weights are at fault, and no perturbation. Its training diverged, or the "
                        + "file of weights holds numbers that are too large"
                )
            );
        }

        return _clean[(domain, precision)] = predictions;
    }

    /// <summary>Predicts a batch without gradients; every value is finite.</summary>
    internal IReadOnlyList<Prediction> Predict(Tensor input, Domain domain) =>
        Predict(input, From(domain), Precision.Fp32, static _ => "a perturbed clip");

    /// <summary>The same as attacks see it.</summary>
    internal IReadOnlyList<Prediction> PredictAsAttacked(Tensor input, Domain domain) =>
        Predict(input, FromFrozen(domain, Precision), Precision, static _ => "a perturbed clip");

    /// <param name="what">What a row of the input is, for messages.</param>
    private IReadOnlyList<Prediction> Predict(Tensor input, Func<Tensor, ModelOutput> map, Precision precision, Func<int, string> what)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using IDisposable products = MatrixProducts.In(precision);
        ModelOutput output = map(input);
        float[][] emotion = Rows(output.Emotion, what);
        float[][]? concepts = output.Concepts is null ? null : Rows(output.Concepts, what);
        float[][]? spreads = output.Spread is null ? null : Rows(output.Spread, what);
        float[][]? curves = output.Curve is null ? null : Rows(output.Curve.flatten(1), what);
        return [.. emotion.Select((row, i) => new Prediction(row, concepts?[i]) { Curve = curves?[i], Spread = spreads?[i] })];
    }

    public void Dispose()
    {
        foreach (IFrozenModel frozen in _frozen.Values)
            frozen.Dispose();
        _model.Dispose();
    }

    private ModelOutput Check(ModelOutput raw, long clips)
    {
        if (CurveAlignment.IsOverTime(raw) && raw.Emotion.shape[1] == 0)
            throw new CellFailedException($"{Plugin} returned emotions over time without a frame.");
        ModelOutput output = Data.Read(raw);
        RequireShape(output.Emotion, clips, Data.Emotions.Count, "emotions");
        if (output.Concepts is { } concepts && Data.Concepts is { } space)
            RequireShape(concepts, clips, space.Count, "concepts");
        if (output.Spread is { } spread)
            RequireSpread(spread, clips);
        if (output.Curve is { } curve && !curve.shape.SequenceEqual([clips, Data.Moments?.Count ?? 0, Data.Emotions.Count]))
            throw new CellFailedException($"{Plugin} returned a curve of shape [{string.Join(", ", curve.shape)}].");
        return output;
    }

    private void RequireSpread(Tensor spread, long clips)
    {
        RequireShape(spread, clips, Data.Emotions.Count, "standard deviations");
        if (!spread.gt(0).all().item<bool>())
            throw new CellFailedException($"{Plugin} predicts a standard deviation that is not above 0.");
    }

    private void RequireShape(Tensor? tensor, long clips, int labels, string what)
    {
        if (tensor is null || !tensor.shape.SequenceEqual([clips, labels]))
        {
            string found = tensor is null ? "" : string.Join(", ", tensor.shape);
            throw new CellFailedException($"{Plugin} returned {what} of shape [{found}] where [{clips}, {labels}] was expected.");
        }
    }

    private float[][] Rows(Tensor values, Func<int, string> what)
    {
        float[] flat = values.to(float32).cpu().contiguous().data<float>().ToArray();
        int width = (int)values.shape[1];
        if (Array.FindIndex(flat, v => !(Math.Abs(v) <= Largest)) is >= 0 and var wrong)
            throw new CellFailedException($"{Plugin} predicts {Describe(flat[wrong])} for {what(wrong / width)}.");
        return flat.Length == 0 ? [] : [.. flat.Chunk(width)];
    }

    private static string Describe(float prediction) =>
        prediction switch
        {
            float.NaN => "NaN",
            float.PositiveInfinity or float.NegativeInfinity => "infinity",
            _ => string.Create(CultureInfo.InvariantCulture, $"{prediction:g2}, as good as infinity,"),
        };
}
