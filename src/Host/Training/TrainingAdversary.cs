using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Torch;
using MerBench.Host.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>Attacks batches of training clips against the model as it is: in evaluation mode, with its parameters frozen.</summary>
internal sealed class TrainingAdversary(
    AdversarialTraining settings,
    IAttack attack,
    ITrainableModel model,
    LabelSpace emotions,
    LabelSpace? concepts,
    CurveAlignment alignment,
    int sampleRate
)
{
    // At the clean prediction itself the distance's gradient vanishes, so an attack that maximises it starts a little beside it.
    private const double PenaltyOffset = 1e-3;

    /// <summary>Called whenever the attack says how far it is.</summary>
    public Action? SignOfLife { get; set; }

    private int _atOnce = int.MaxValue;

    // What the attack moves: under concept-stability, concepts as others move emotions.
    private readonly LabelSpace _moved = settings.ConceptStability is null
        ? emotions
        : concepts ?? throw new UserErrorException("concept-stability is given, but the dataset has no concepts. Use one with concepts.");

    private Objective? _objective;

    /// <summary>Perturbs a batch; afterwards the model is in evaluation mode, and its parameters are trainable again.</summary>
    /// <param name="input">Clean inputs <c>[B, ...]</c>.</param>
    /// <param name="ratings">Ratings <c>[B, E]</c>.</param>
    /// <param name="random">One stream a clip.</param>
    /// <exception cref="UserErrorException">The attack handed back something unusable.</exception>
    public (Tensor Perturbed, TrainingCalls Cost) Perturb(
        Tensor input,
        Tensor ratings,
        IReadOnlyList<RandomStream> random,
        CancellationToken cancel
    )
    {
        while (true)
        {
            try
            {
                return PerturbInParts(input, ratings, random, cancel);
            }
            catch (Exception e) when (OutOfMemory.Is(e) && Math.Min(_atOnce, random.Count) > 1)
            {
                // Clips are attacked each for itself, so smaller parts find the same. What did not fit once does not fit again.
                _atOnce = Math.Min(_atOnce, random.Count) / 2;
            }
        }
    }

    private (Tensor Perturbed, TrainingCalls Cost) PerturbInParts(
        Tensor input,
        Tensor ratings,
        IReadOnlyList<RandomStream> random,
        CancellationToken cancel
    )
    {
        if (_atOnce >= random.Count)
            return PerturbAtOnce(input, ratings, random, cancel);
        using var scope = NewDisposeScope();
        var perturbed = new List<Tensor>();
        var total = new TrainingCalls();
        for (int first = 0; first < random.Count; first += _atOnce)
        {
            int end = Math.Min(first + _atOnce, random.Count);
            (Tensor part, TrainingCalls cost) = PerturbAtOnce(
                input[TensorIndex.Slice(first, end)],
                ratings[TensorIndex.Slice(first, end)],
                [.. random.Skip(first).Take(end - first)],
                cancel
            );
            perturbed.Add(part);
            total += cost;
        }

        return (cat(perturbed).MoveToOuterDisposeScope(), total);
    }

    private (Tensor Perturbed, TrainingCalls Cost) PerturbAtOnce(
        Tensor input,
        Tensor ratings,
        IReadOnlyList<RandomStream> random,
        CancellationToken cancel
    )
    {
        model.SetTraining(false);
        foreach (Parameter parameter in model.Parameters)
            parameter.requires_grad_(false);
        try
        {
            Box? box = model.Input == Domain.Waveform ? new Box(-1, 1) : null;
            // The weights are those of this batch alone, so the faster form is made anew: folding takes less than one step.
            using IFrozenModel? frozen = model is IFreezable freezable ? freezable.Freeze(settings.Precision) : null;
            Tensor lent = Lent.Copy(input);
            Tensor targets = settings.Penalty is null ? ratings : PredictionBeside(input, random);
            _objective ??= Objective.Parse(settings.Penalty is null ? settings.Objective : "mse", _moved);
            using var context = new AttackContext(
                clips => FindMoved(frozen is null ? model.Forward(clips) : frozen.Forward(clips)),
                lent,
                Lent.Copy(targets),
                _objective,
                random
            )
            {
                Domain = model.Input,
                Budget = settings.Budget,
                Box = box,
                SampleRate = sampleRate,
                Emotions = _moved,
                Progress = new SynchronousProgress(this),
            };
            string plugin = settings.Attack.Plugin.Id;
            StateDigest before = StateDigest.Compute(model.State);
            Tensor? perturbed = GuestCall.Make<Tensor?>(plugin, () => attack.Perturb(context, cancel))?.detach().clone();
            Lent.RequireUnspoiled(plugin, "the clean inputs", lent, input);
            Lent.RequireUnspoiled(plugin, "the ratings", context.Targets, targets);
            if (before.FindChange(model.State) is { } changed)
                throw new CellFailedException($"'{changed}' of the model was changed while {plugin} attacked it.");
            var check = new PerturbationCheck(plugin, model.Input, settings.Budget, box);
            check.Enforce(
                perturbed,
                input,
                [
                    .. Enumerable
                        .Range(1, random.Count)
                        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} of the training batch")),
                ]
            );
            long beside = settings.Penalty is null ? 0 : random.Count;
            return (perturbed!, new TrainingCalls(0, 0, context.ForwardCalls.Sum() + beside, context.GradientCalls.Sum()));
        }
        catch (CellFailedException e)
        {
            throw new UserErrorException($"The attack of adversarial training is unusable: {e.Message}", inner: e);
        }
        finally
        {
            foreach (Parameter parameter in model.Parameters)
                parameter.requires_grad_(true);
        }
    }

    private Tensor PredictionBeside(Tensor input, IReadOnlyList<RandomStream> random)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var offsets = new Tensor[random.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            var row = new float[input.numel() / input.shape[0]];
            random[i].Fork("beside").FillNormal(row);
            offsets[i] = tensor(row);
        }

        Tensor beside = input + (stack(offsets).reshape(input.shape).to(input.device) * PenaltyOffset);
        return FindMoved(model.Forward(beside)).Emotion.detach().MoveToOuterDisposeScope();
    }

    private ModelOutput FindMoved(ModelOutput output) =>
        settings.ConceptStability is null
            ? alignment.Align(output)
            : new ModelOutput(
                output.Concepts
                    ?? throw new UserErrorException(
                        "concept-stability is given, but the model predicts no concepts. Use a model with a concept head, such as vgg with "
                            + "head: bottleneck."
                    )
            );

    private sealed class SynchronousProgress(TrainingAdversary adversary) : IProgress<double>
    {
        public void Report(double value) => adversary.SignOfLife?.Invoke();
    }
}
