using static TorchSharp.torch;

namespace MerBench;

/// <summary>Hands an attack what it needs for one batch, and counts what it uses. Made by the host; tests may make their own.</summary>
public sealed class AttackContext : IDisposable
{
    private readonly Func<Tensor, ModelOutput> _model;
    private readonly CallCounts _calls;
    private readonly Dictionary<string, string>[] _notes;
    private readonly List<Tensor> _own = [];
    private ModelOutput? _clean;
    private Tensor? _tolerance;

    /// <summary>Creates a context.</summary>
    /// <param name="model">The frozen model: a differentiable map from <paramref name="input"/>'s shape to its output, in evaluation mode,
    /// parameters without gradients.</param>
    /// <param name="input">Clean inputs <c>[B, ...]</c> in the attack's domain.</param>
    /// <param name="targets">Ratings <c>[B, E]</c>.</param>
    /// <param name="objective">What to maximise.</param>
    /// <param name="random">One random stream a clip.</param>
    public AttackContext(
        Func<Tensor, ModelOutput> model,
        Tensor input,
        Tensor targets,
        Objective objective,
        IReadOnlyList<RandomStream> random
    )
    {
        if (random.Count != input.shape[0])
            throw new ArgumentException($"{input.shape[0]} clips need as many random streams, not {random.Count}.", nameof(random));
        _model = model;
        Input = input;
        Targets = targets;
        Objective = objective;
        Random = random;
        _calls = new CallCounts(random.Count);
        _notes = [.. random.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal))];
    }

    private AttackContext(AttackContext other, Objective objective)
    {
        _model = other._model;
        Input = other.Input;
        Targets = other.Targets;
        Objective = objective;
        Random = other.Random;
        _calls = other._calls;
        _notes = other._notes;
        _clean = other._clean;
        _tolerance = other._tolerance;
        Domain = other.Domain;
        Budget = other.Budget;
        Box = other.Box;
        SampleRate = other.SampleRate;
        Emotions = other.Emotions;
        Progress = other.Progress;
        Surrogates = other.Surrogates;
        Curve = other.Curve;
        Window = other.Window;
    }

    /// <summary>Clean inputs: features <c>[B, T, F]</c> or waveform <c>[B, N]</c>.</summary>
    public Tensor Input { get; }

    /// <summary>Ratings <c>[B, E]</c>.</summary>
    public Tensor Targets { get; }

    /// <summary>What to maximise.</summary>
    public Objective Objective { get; }

    /// <summary>One stream a clip, keyed by cell and clip.</summary>
    public IReadOnlyList<RandomStream> Random { get; }

    /// <summary>Where the perturbation lives.</summary>
    public Domain Domain { get; init; } = Domain.Features;

    /// <summary>The largest perturbation allowed, or null when the benchmark sets none.</summary>
    public Budget? Budget { get; init; }

    /// <summary>The domain's box, or null.</summary>
    public Box? Box { get; init; }

    /// <summary>Sample rate of waveforms, in Hz.</summary>
    public int SampleRate { get; init; }

    /// <summary>Names of the emotions, in the order of <see cref="Targets"/>.</summary>
    public LabelSpace? Emotions { get; init; }

    /// <summary>Ratings over time; null where the dataset has none.</summary>
    public CurveReference? Curve { get; init; }

    /// <summary>Where inputs may change: 1 there and 0 elsewhere, shaped as one clip or to be broadcast to it; null for everywhere. The
    /// model is asked with clean inputs elsewhere, so that gradients vanish there.</summary>
    public Tensor? Window { get; init; }

    /// <summary>Reports the finished share of this batch, 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Watches what an attack computes; null when nobody does.</summary>
    public IAttackObserver? Observer { get; init; }

    /// <summary>The other models of the benchmark, trained with the same seed, by name: frozen, differentiable maps as the model
    /// itself.</summary>
    /// <remarks>Throws <see cref="PluginUserException"/> for a model that is not there.</remarks>
    public Func<string, Func<Tensor, ModelOutput>>? Surrogates { get; init; }

    /// <summary>The model's output for the clean inputs, detached. The host hands it over once for all attacks; where it did not, the first
    /// use costs a forward call.</summary>
    public ModelOutput Clean
    {
        get => _clean ??= Predicted();
        init => _clean = value;
    }

    /// <summary>How far a prediction may move before it counts as another one, <c>[B, E]</c>, in rating units; a tenth of the scale unless
    /// the benchmark says otherwise.</summary>
    public Tensor Tolerance
    {
        get => _tolerance ??= Keep(full_like(Targets, 0.1 * (Emotions is { } scale ? scale.Maximum - scale.Minimum : 1)));
        init => _tolerance = value;
    }

    /// <summary>What an attack noted of each clip, by key.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Notes => _notes;

    /// <summary>Forward calls so far, a clip; a gradient call includes one.</summary>
    public IReadOnlyList<long> ForwardCalls => _calls.Forward;

    /// <summary>Gradient calls so far, a clip.</summary>
    public IReadOnlyList<long> GradientCalls => _calls.Gradient;

    /// <summary>Gradient calls that were not made because their answer was known (<see cref="Recall"/>), a clip.</summary>
    public IReadOnlyList<long> SparedCalls => _calls.Spared;

    /// <summary>The same batch, model and counters with another objective. Nobody observes it.</summary>
    /// <param name="objective">What to maximise instead.</param>
    public AttackContext With(Objective objective)
    {
        // Asked once for all of them.
        if (objective.NeedsClean)
            _ = (Clean, Tolerance);
        return new AttackContext(this, objective);
    }

    /// <summary>The same batch on another model of the benchmark. Calls to it are counted apart, for they ask the attacked model
    /// nothing.</summary>
    /// <param name="model">Its name in the benchmark file.</param>
    /// <exception cref="PluginUserException">There is no such model.</exception>
    public AttackContext On(string model)
    {
        if (Surrogates is null)
            throw new PluginUserException($"The model '{model}' cannot be reached: there are no other models here.");
        return new AttackContext(Surrogates(model), Input, Targets, Objective, Random)
        {
            Domain = Domain,
            Budget = Budget,
            Box = Box,
            SampleRate = SampleRate,
            Emotions = Emotions,
            Progress = Progress,
            Tolerance = Tolerance,
            Curve = Curve,
            Window = Window,
        };
    }

    /// <summary>Notes something of a clip for tables and for its row of results, such as which of several attacks won. A later note
    /// replaces an earlier one of the same key.</summary>
    /// <param name="clip">The clip's row in the batch.</param>
    /// <param name="key">What is noted, in kebab-case.</param>
    /// <param name="value">One of few values, so that they can be counted.</param>
    public void Note(int clip, string key, string value) => _notes[clip][key] = value;

    /// <summary>The objective at the clean inputs, <c>[B]</c>; costs nothing where the host handed over <see cref="Clean"/>.</summary>
    public Tensor CleanValue()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor value = Objective.Value(Clean, Reference(null));
        Observer?.Evaluated(value, null, null);
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>Predicts clips without gradients and counts one forward call for each.</summary>
    /// <param name="input">Inputs <c>[R, ...]</c>.</param>
    /// <param name="rows">Which clips of the batch the inputs belong to; null for all, in order.</param>
    public ModelOutput Forward(Tensor input, IReadOnlyList<int>? rows = null)
    {
        _calls.AddForward(input, rows);
        using var guard = no_grad();
        return _model(Confine(input, rows));
    }

    /// <summary>The objective's value for each clip, <c>[R]</c>; counts one forward call for each.</summary>
    /// <param name="input">Inputs <c>[R, ...]</c>.</param>
    /// <param name="rows">Which clips they belong to; null for all, in order.</param>
    public Tensor Evaluate(Tensor input, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        ModelOutput output = Forward(input, rows);
        using var guard = no_grad();
        Tensor value = Objective.Value(output, Reference(rows));
        Observer?.Evaluated(value, null, rows);
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>The objective's value for each clip and its gradient; counts one forward and one gradient call for each.</summary>
    /// <param name="input">Inputs <c>[R, ...]</c>.</param>
    /// <param name="rows">Which clips they belong to; null for all, in order.</param>
    /// <returns>Values <c>[R]</c> and gradients <c>[R, ...]</c>.</returns>
    public (Tensor Value, Tensor Gradient) Differentiate(Tensor input, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        (Tensor value, Tensor gradient, _) = DifferentiateAndPredict(input, rows);
        return (value.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>As <see cref="Differentiate"/>, with the prediction that the value was computed from, for attacks that watch it.</summary>
    /// <param name="input">Inputs <c>[R, ...]</c>.</param>
    /// <param name="rows">Which clips they belong to; null for all, in order.</param>
    /// <returns>Values <c>[R]</c>, gradients <c>[R, ...]</c>, and the model's output, detached.</returns>
    public (Tensor Value, Tensor Gradient, ModelOutput Output) DifferentiateAndPredict(Tensor input, IReadOnlyList<int>? rows = null)
    {
        _calls.AddGradient(input, rows);
        using var scope = NewDisposeScope();
        using var guard = enable_grad();
        Tensor x = input.detach().requires_grad_();
        ModelOutput output = _model(Confine(x, rows));
        Tensor value = Objective.Value(output, Reference(rows));
        if (!value.requires_grad)
            throw new PluginUserException(
                "The model's output does not depend on its input by a differentiable path, so there is no gradient to follow. Use an "
                    + "attack that only asks for predictions."
            );
        Tensor gradient = autograd.grad([value.sum()], [x])[0];
        Observer?.Evaluated(value.detach(), gradient, rows);
        ModelOutput detached = output.Map(t => t.detach().MoveToOuterDisposeScope());
        return (value.detach().MoveToOuterDisposeScope(), gradient.detach().MoveToOuterDisposeScope(), detached);
    }

    /// <summary>Takes note of answers that an attack has from earlier calls with the very same inputs, and does not ask for again: whoever
    /// watches sees the whole search, and <see cref="SparedCalls"/> counts them.</summary>
    /// <param name="value">Values <c>[R]</c>.</param>
    /// <param name="gradient">Gradients <c>[R, ...]</c>.</param>
    /// <param name="rows">Which clips they belong to.</param>
    public void Recall(Tensor value, Tensor gradient, IReadOnlyList<int> rows)
    {
        _calls.AddSpared(rows);
        Observer?.Evaluated(value, gradient, rows);
    }

    /// <summary>The nearest perturbation within budget and box; the perturbation itself where there is neither.</summary>
    /// <param name="delta">Perturbation <c>[R, ...]</c>.</param>
    /// <param name="rows">Which clips it belongs to; null for all, in order.</param>
    public Tensor Project(Tensor delta, IReadOnlyList<int>? rows = null)
    {
        Tensor input = rows is null ? Input : Select(Input, rows);
        if (Budget is { } budget)
            return budget.Project(delta, input, Box);
        return Box is { } box ? (input + delta).clamp(box.Minimum, box.Maximum) - input : delta.alias();
    }

    /// <summary>Standard normal numbers shaped as <see cref="Input"/>, each clip from its own stream.</summary>
    public Tensor Normal() => FromStreams(static (stream, row) => stream.FillNormal(row));

    /// <summary>Numbers uniform in <c>[-1, 1)</c> shaped as <see cref="Input"/>, each clip from its own stream.</summary>
    public Tensor Uniform() => FromStreams(static (stream, row) => stream.FillUniform(row, -1, 1));

    /// <summary>Disposes what the context made itself: clean predictions and tolerances that nobody handed over.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _own)
            tensor.Dispose();
        _own.Clear();
    }

    private Tensor FromStreams(Action<RandomStream, float[]> fill)
    {
        using var scope = NewDisposeScope();
        var rows = new Tensor[Random.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            var row = new float[Input.numel() / Input.shape[0]];
            fill(Random[i], row);
            rows[i] = tensor(row);
        }

        return stack(rows).reshape(Input.shape).to(Input.device).MoveToOuterDisposeScope();
    }

    /// <summary>What predictions of some clips are compared with.</summary>
    /// <param name="rows">Which clips; null for all.</param>
    public ClipReference Reference(IReadOnlyList<int>? rows)
    {
        (ModelOutput? clean, Tensor? tolerance) = Objective.NeedsClean ? (Clean, Tolerance) : (_clean, _tolerance);
        var all = new ClipReference(Targets)
        {
            Clean = clean,
            Tolerance = tolerance,
            Curve = Curve,
        };
        return rows is null ? all : all.Select(rows);
    }

    private Tensor Confine(Tensor input, IReadOnlyList<int>? rows)
    {
        if (Window is null)
            return input;
        Tensor clean = rows is null ? Input : Select(Input, rows);
        return clean + (Window * (input - clean));
    }

    private static Tensor Select(Tensor all, IReadOnlyList<int> rows) =>
        all.index_select(0, tensor(rows.Select(r => (long)r).ToArray(), device: all.device));

    private ModelOutput Predicted()
    {
        using var scope = NewDisposeScope();
        ModelOutput output = Forward(Input);
        return output.Map(t => Keep(t.detach()));
    }

    // What the context made lives as long as the context, whatever dispose scope it was made in.
    private Tensor Keep(Tensor tensor)
    {
        _own.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
