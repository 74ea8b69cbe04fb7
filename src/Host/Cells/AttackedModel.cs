using MerBench.Host.Checks;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>Makes the contexts in which attacks of one cell work.</summary>
internal sealed class AttackedModel(
    BenchmarkDefinition definition,
    PreparedDataset data,
    Cell cell,
    LoadedModel model,
    Func<string, LoadedModel> surrogates,
    Device device
)
{
    private readonly List<LoadedModel> _surrogates = [];

    public Cell Cell => cell;

    public LoadedModel Model => model;

    /// <summary>The attack's id.</summary>
    public string Plugin => cell.Perturbation.Use.Plugin.Id;

    public Domain Domain => cell.Perturbation.Domain;

    public Objective Objective { get; } = Objective.Parse(cell.Perturbation.Objective, data.Emotions);

    /// <summary>What attacks are told: the cell's budget, or one to begin with where the cell's is not theirs to keep.</summary>
    public Budget? Budget => cell.MaskingExcess is null ? cell.Budget : ExcessSearch.FirstBudget;

    public int SampleRate => data.SampleRate;

    /// <summary>Where inputs may change; null for everywhere.</summary>
    private Tensor? Window { get; } = PerturbationWindow.Draw(cell.Perturbation.Window, cell.Perturbation.Domain, data, device);

    public static Box? BoxOf(Domain domain) => domain == Domain.Waveform ? new Box(-1, 1) : null;

    /// <summary>The context of some test clips.</summary>
    /// <param name="budget">Another budget than the cell's.</param>
    /// <param name="precision">Another precision than the benchmark's.</param>
    public AttackContext On(CellBatch batch, IAttackObserver? observer, Budget? budget = null, Precision? precision = null) =>
        new(
            model.FromFrozen(Domain, precision ?? model.Precision),
            Lent.Copy(batch.Input),
            Lent.Copy(batch.Targets),
            Objective,
            [.. batch.Clips.Select(clip => RandomStreams.Create(cell, clip))]
        )
        {
            Domain = Domain,
            Budget = budget ?? Budget,
            Box = BoxOf(Domain),
            SampleRate = data.SampleRate,
            Emotions = data.Emotions,
            Progress = batch.Progress,
            Observer = observer,
            Surrogates = Surrogate,
            Clean = Prediction.Stack(batch.CleanAsAttacked, device),
            Tolerance = Tolerances(batch.Clips),
            Curve = Lend(batch.Curve),
            Window = Window,
        };

    /// <summary>Perturbs a batch within the cell's budget, whatever that is of.</summary>
    /// <exception cref="CellFailedException">The attack handed back something unusable.</exception>
    public CraftedBatch Craft(IAttack attack, CellBatch batch, CellObjective objective, Precision precision, CancellationToken cancel) =>
        cell.MaskingExcess is { } excess
            ? new ExcessSearch(this, objective, excess).Craft(attack, batch, precision, cancel)
            : CraftWithin(Budget, attack, batch, precision, cancel);

    /// <summary>Perturbs a batch within a budget that attacks know.</summary>
    /// <exception cref="CellFailedException">The attack handed back something unusable.</exception>
    public CraftedBatch CraftWithin(Budget? budget, IAttack attack, CellBatch batch, Precision precision, CancellationToken cancel)
    {
        CraftedBatch crafted = Craft(attack, batch, budget, precision, cancel);
        new PerturbationCheck(Plugin, Domain, budget, BoxOf(Domain)).Enforce(crafted.Input, batch.Input, batch.ClipIds);
        return crafted;
    }

    /// <summary>Perturbs a batch and believes what comes back.</summary>
    /// <exception cref="CellFailedException">The attack returned nothing, or changed what is not its own.</exception>
    public CraftedBatch Craft(IAttack attack, CellBatch batch, Budget? budget, Precision precision, CancellationToken cancel)
    {
        using var trace = new AttackTrace(batch.Clips.Count);
        using AttackContext context = On(batch, trace, budget, precision);
        Tensor perturbed = Perturb(attack, context, batch, precision, cancel);
        return new CraftedBatch(
            perturbed,
            [
                .. batch.Clips.Select(
                    (_, clip) =>
                        new CraftedClip(context.ForwardCalls[clip], context.GradientCalls[clip], context.SparedCalls[clip])
                        {
                            Trace = trace.Clips()[clip],
                            Notes = context.Notes[clip],
                        }
                ),
            ]
        );
    }

    /// <summary>Lets an attack work on a batch, with products as a precision multiplies. What comes back is the host's own.</summary>
    /// <exception cref="CellFailedException">The attack returned nothing, or changed what is not its own.</exception>
    private Tensor Perturb(IAttack attack, AttackContext context, CellBatch batch, Precision precision, CancellationToken cancel)
    {
        using IDisposable products = MatrixProducts.In(precision);
        Tensor? perturbed = GuestCall.Run<Tensor?>(Plugin, () => attack.Perturb(context, cancel), FindDrawing);
        if (perturbed is null || perturbed.IsInvalid)
            throw new CellFailedException($"{Plugin} returned {(perturbed is null ? "nothing" : "a tensor that it had disposed")}.");
        Tensor own = PerturbationWindow.Confine(perturbed.detach().clone(), batch.Input, Window);
        RequireUnspoiled(context, new LabelledClips(batch.Input, batch.Targets, null) { Curve = batch.Curve?.Ratings });
        ModelOutput clean = Prediction.Stack(batch.CleanAsAttacked, device);
        Lent.RequireUnspoiled(Plugin, "the clean predictions", context.Clean.Emotion, clean.Emotion);
        if (clean.Concepts is { } concepts)
            Lent.RequireUnspoiled(Plugin, "the clean concepts", context.Clean.Concepts!, concepts);
        if (clean.Curve is { } curve)
            Lent.RequireUnspoiled(Plugin, "the clean predictions over time", context.Clean.Curve!, curve);
        Lent.RequireUnspoiled(Plugin, "the tolerances", context.Tolerance, Tolerances(batch.Clips));
        return own;
    }

    // What the models draw is not the attack's doing.
    public Drawing FindDrawing() => model.Draws || _surrogates.Exists(s => s.Draws) ? Drawing.PutBack : Drawing.Forbidden;

    /// <exception cref="CellFailedException">The attack wrote into clips that it was given.</exception>
    public void RequireUnspoiled(AttackContext context, LabelledClips own)
    {
        Lent.RequireUnspoiled(Plugin, "the clean inputs", context.Input, own.Input);
        Lent.RequireUnspoiled(Plugin, "the ratings", context.Targets, own.Emotion);
        if (own.Curve is { } curve)
            Lent.RequireUnspoiled(Plugin, "the ratings over time", context.Curve!.Ratings, curve);
    }

    /// <summary>The context of all training clips, for attacks that learn.</summary>
    public AttackContext OnTrainingClips(IProgress<double>? progress)
    {
        LabelledClips training = data.Inputs(Split.Train, Domain);
        IReadOnlyList<Clip> clips = data.Clips(Split.Train);
        return new AttackContext(
            model.FromFrozen(Domain, model.Precision),
            Lent.Copy(training.Input.to(device)),
            Lent.Copy(training.Emotion.to(device)),
            Objective,
            [.. clips.Select(clip => RandomStreams.Create(cell, clip))]
        )
        {
            Domain = Domain,
            Budget = Budget,
            Box = BoxOf(Domain),
            SampleRate = data.SampleRate,
            Emotions = data.Emotions,
            Progress = progress,
            Surrogates = Surrogate,
            Tolerance = Tolerances(clips),
            Curve = data.Moments is { } moments ? new CurveReference(Lent.Copy(training.Curve!.to(device)), moments) : null,
            Window = Window,
        };
    }

    private static CurveReference? Lend(CurveReference? own) => own is null ? null : own with { Ratings = Lent.Copy(own.Ratings) };

    /// <summary>How far predictions of some clips may move, <c>[B, E]</c>.</summary>
    private Tensor Tolerances(IReadOnlyList<Clip> clips) => Tolerances(definition, data, clips).to(device);

    public static Tensor Tolerances(BenchmarkDefinition definition, PreparedDataset data, IReadOnlyList<Clip> clips) =>
        stack([
            .. clips.Select(clip =>
                tensor(
                    clip.EmotionSd is null && definition.Success.AnnotatorSd is not null
                        ? new SuccessCriterion().Of(clip, data.Emotions)
                        : definition.Success.Of(clip, data.Emotions)
                )
            ),
        ]);

    private Func<Tensor, ModelOutput> Surrogate(string name)
    {
        if (name == cell.Model.Name)
            return model.FromFrozen(Domain, model.Precision);
        if (!definition.Models.Any(m => m.Name == name))
            throw new PluginUserException($"There is no model named '{name}' in this benchmark.");
        LoadedModel surrogate = surrogates(name);
        _surrogates.Add(surrogate);
        return surrogate.FromFrozen(Domain, surrogate.Precision);
    }
}
