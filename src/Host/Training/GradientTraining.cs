using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>One training by gradient descent: Adam, shuffled batches, early stopping on the validation correlation, the best epoch's
/// weights kept. With a checkpoint it goes on where it was interrupted.</summary>
internal sealed class GradientTraining : IDisposable
{
    private readonly ITrainableModel _model;
    private readonly TrainRecipe _recipe;
    private readonly LabelledClips _training,
        _validation;
    private readonly RandomStream _random;
    private readonly TrainingCheckpoint? _checkpoint;
    private readonly Device _device;
    private readonly int _batch;
    private readonly bool _validatesOnTraining;
    private readonly Dictionary<string, Tensor> _best = new(StringComparer.Ordinal);
    private readonly TrainingAdversary? _adversary;
    private readonly FreePerturbation? _free;
    private readonly Func<IModel>? _rebuild;
    private readonly Action<int, double>? _stepped;
    private readonly LossGrowth _growth = new();
    private readonly TrainingLosses _losses;

    // Whether the weights are those of a place that a training can go on from, and of which one within an epoch.
    private (bool CanBeKept, PlaceInEpoch? Within) _place;

    public GradientTraining(
        ITrainableModel model,
        TrainRecipe recipe,
        LabelledClips training,
        LabelledClips validation,
        RandomStream random,
        TrainingAids aids
    )
    {
        (_model, _recipe, _training, _random) = (model, recipe, training, random);
        _losses = new TrainingLosses(model, recipe, aids.Alignment);
        (_checkpoint, _adversary, _rebuild, _stepped) = (aids.Checkpoint, aids.Adversary, aids.Rebuild, aids.Stepped);
        _validatesOnTraining = validation.Count == 0;
        _validation = _validatesOnTraining ? training : validation;
        _batch = (int)Math.Min(recipe.Batch, training.Count);
        _device = model.State.Values.First().device;
        _free = recipe.Free is { } free ? new FreePerturbation(free, model.Input) : null;
        if (recipe.ConceptWeight > 0 && (training.Concepts is null || _validation.Concepts is null))
            throw new UserErrorException(
                "concept-weight is above 0, but the dataset has no concepts. Set concept-weight: 0, or use a dataset with concepts."
            );
    }

    public TrainingOutcome Train(IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        using var adam = optim.Adam(_model.Parameters, lr: _recipe.LearningRate);
        TrainingProgressRecord? before = _checkpoint?.Restore(_model, _best, adam);
        _losses.Add(before?.Calls ?? default);
        TimeSpan WallTime() => Stopwatch.GetElapsedTime(start) + (before?.WallTime ?? TimeSpan.Zero);
        List<EpochRow> curve = [.. before?.Curve ?? []];
        int bestEpoch = before?.BestEpoch ?? 0;
        double bestScore = bestEpoch > 0 ? curve[bestEpoch - 1].ValidationScore : double.NegativeInfinity;
        try
        {
            if (before is null)
                KeepWeights();
            for (int epoch = curve.Count + 1; epoch <= _recipe.Epochs && epoch - bestEpoch <= _recipe.Patience; epoch++)
            {
                var epochClock = Stopwatch.StartNew();
                double trainLoss = RunEpoch(epoch, adam, epoch == before?.Curve.Count + 1 ? before?.Within : null, cancel);
                (double validationLoss, double validationScore) = Validate(epoch, cancel);
                curve.Add(new EpochRow(epoch, trainLoss, validationLoss, validationScore, epochClock.Elapsed.TotalSeconds));
                if (validationScore > bestScore)
                {
                    (bestEpoch, bestScore) = (epoch, validationScore);
                    KeepWeights();
                }

                _place = (true, null);
                _checkpoint?.Save(new TrainingProgressRecord(bestEpoch, curve, WallTime(), _losses.Calls), _model, _best, adam);
                progress?.Report(new TrainingProgress(epoch, _recipe.Epochs, curve[^1], bestEpoch));
            }

            RestoreBest();
            WeightChecks.RequireFinite(_model, Text($"after epoch {bestEpoch}"), Advice);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && _place.CanBeKept)
        {
            var reached = new TrainingProgressRecord(bestEpoch, curve, WallTime(), _losses.Calls) { Within = _place.Within };
            _checkpoint?.SaveNow(reached, _model, _best, adam);
            throw;
        }
        finally
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            _model.SetTraining(false);
        }

        return new TrainingOutcome(
            bestEpoch,
            curve.Count,
            curve,
            WallTime(),
            _losses.Calls.Forward,
            _losses.Calls.Gradient,
            _validatesOnTraining
        )
        {
            AttackForwardCalls = _losses.Calls.AttackForward,
            AttackGradientCalls = _losses.Calls.AttackGradient,
            ForwardFlops = (_model as IForwardCost)?.ForwardFlops,
        };
    }

    /// <param name="from">Where in it an earlier training was told to end; null to begin.</param>
    private double RunEpoch(int epoch, optim.Optimizer adam, PlaceInEpoch? from, CancellationToken cancel)
    {
        RandomStream stream = _random.Fork(Text($"epoch {epoch}"));
        _free?.Reset();
        manual_seed((long)(stream.NextBits() >> 1)); // dropout
        long[] order = [.. Enumerable.Range(0, (int)_training.Count).Select(i => (long)i)];
        stream.Shuffle<long>(order);
        _model.SetTraining(true);
        if (from is not null)
            ProcessState.WriteGenerator(from.Generator);
        int batches = order.Length / _batch;
        double total = from?.LossSum ?? 0;
        for (int b = from?.Batch ?? 0; b < batches; b++)
        {
            bool isStepped = from is { IsStepped: true } && b == from.Batch;
            cancel.ThrowIfCancellationRequested();
            FinalizerPause.LetFinalizersRun();
            using var step = NewDisposeScope();
            long[] clips = order.AsSpan(b * _batch, _batch).ToArray();
            LabelledClips batch = Take(_training, tensor(clips));
            if (_recipe.Noise > 0)
                batch = batch with { Input = TrainingNoise.Add(batch.Input, _recipe.Noise, clips, stream) };
            AdversarialTraining? adversarial = _recipe.Adversarial is { } asked && asked.Concerns(epoch) ? asked : null;
            if (_free is not null)
            {
                total += _free.Replay(batch.Input, seen => Step(batch with { Input = seen }, _losses.Compute));
            }
            else if (adversarial is { PerturbedOnly: true })
            {
                total += Step(batch with { Input = Attack(batch, clips, stream, cancel) }, _losses.Compute);
            }
            else
            {
                Tensor? beside = adversarial?.Penalty is not null ? Attack(batch, clips, stream, cancel) : null;
                if (!isStepped)
                    total += Step(batch, seen => beside is null ? _losses.Compute(seen) : _losses.ComputeWithPenalty(seen, beside));
                if (adversarial is not null && beside is null)
                {
                    NotePlace(b, isStepped: true);
                    Step(batch with { Input = Attack(batch, clips, stream, cancel) }, _losses.ComputePerturbed);
                }
            }

            NotePlace(b + 1, isStepped: false);
            _stepped?.Invoke(epoch, (b + 1) / (double)batches);

            double Step(LabelledClips seen, Func<LabelledClips, Tensor> computeLoss)
            {
                adam.zero_grad();
                Tensor loss = computeLoss(seen);
                double value = loss.item<float>();
                if (!double.IsFinite(value))
                {
                    string what = Text($"the loss is {value} at epoch {epoch}, batch {b + 1} of {batches}");
                    throw Diverged(what, seen);
                }

                _growth.Add(value);
                loss.backward();
                adam.step();
                return value;
            }
        }

        return total / batches;

        // What dropout draws on a GPU cannot be put back, and a free perturbation is not kept: such trainings go on from the end of an
        // epoch.
        void NotePlace(int batch, bool isStepped) =>
            _place =
                _device.type == TorchSharp.DeviceType.CPU && _free is null
                    ? (true, new PlaceInEpoch(batch, isStepped, total, ProcessState.ReadGenerator()))
                    : default;
    }

    private Tensor Attack(LabelledClips batch, long[] clips, RandomStream stream, CancellationToken cancel)
    {
        RandomStream[] random = [.. clips.Select(clip => stream.Fork(Text($"attack on {clip}")))];
        (Tensor perturbed, TrainingCalls cost) = _adversary!.Perturb(batch.Input, batch.Emotion, random, cancel);
        _losses.Add(cost);
        _model.SetTraining(true);
        return perturbed;
    }

    private (double Loss, double R) Validate(int epoch, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        _model.SetTraining(false);
        var outputs = new List<ModelOutput>();
        for (long start = 0; start < _validation.Count; start += _recipe.Batch)
        {
            cancel.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            LabelledClips batch = Take(_validation, arange(start, Math.Min(start + _recipe.Batch, _validation.Count)));
            outputs.Add(_losses.Predict(batch).Map(t => t.cpu().MoveToOuterDisposeScope()));
        }

        (double loss, double score) = _losses.Validate(outputs, _validation);
        return double.IsFinite(loss)
            ? (loss, score)
            : throw Diverged(
                Text($"the validation loss is {loss} after epoch {epoch}"),
                Take(_validation, arange(0, Math.Min(_recipe.Batch, _validation.Count)))
            );
    }

    private UserErrorException Diverged(string what, LabelledClips batch)
    {
        var divergence = new Divergence(_model, _best, _recipe, _rebuild);
        (string why, ErrorKind kind) = divergence.Explain(batch, [("training", _training), ("validation", _validation)], _growth);
        return new UserErrorException($"Training diverged: {what}. {why}", kind);
    }

    private LabelledClips Take(LabelledClips clips, Tensor indices)
    {
        return new LabelledClips(Rows(clips.Input), Rows(clips.Emotion), clips.Concepts is null ? null : Rows(clips.Concepts))
        {
            Curve = clips.Curve is null ? null : Rows(clips.Curve),
        };

        Tensor Rows(Tensor tensor) => tensor.index_select(0, indices.to(tensor.device)).to(_device);
    }

    private void KeepWeights()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach ((string name, Tensor tensor) in _model.State)
        {
            if (_best.TryGetValue(name, out Tensor? kept))
                kept.copy_(tensor);
            else
                _best[name] = tensor.detach().clone().DetachFromDisposeScope();
        }
    }

    private void RestoreBest()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach ((string name, Tensor tensor) in _model.State)
            tensor.copy_(_best[name]);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _best.Values)
            tensor.Dispose();
        _free?.Dispose();
    }

    private const string Advice = "Try a smaller learning-rate.";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
