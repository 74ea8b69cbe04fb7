using MerBench.Host.Checks;
using MerBench.Host.Checks.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>An attack asks the model, is watched while it does, and is judged by how it searched.</summary>
internal sealed class AttackPerturber(
    AttackedModel attacked,
    CellObjective objective,
    CellBatches batches,
    BenchmarkDefinition definition,
    PreparedDataset data,
    Device device
) : IPerturber
{
    private readonly IAttack _attack = attacked.Cell.Perturbation.Use.Create<IAttack>();
    private readonly List<ClipTrace> _traces = [];
    private readonly List<float> _saved = [];
    private readonly List<(float Clean, float Perturbed)> _asAttacked = [];

    public Precision? Precision => attacked.Model.Precision;

    public CallsOfFit Fit(IProgress<double>? progress, CancellationToken cancel)
    {
        if (_attack is not IFittedAttack fitted)
            return default;
        using var scope = NewDisposeScope();
        using AttackContext training = attacked.OnTrainingClips(progress);
        using IDisposable products = MatrixProducts.In(attacked.Model.Precision);
        GuestCall.Run(
            attacked.Plugin,
            () =>
            {
                fitted.Fit(training, cancel);
                return true;
            },
            attacked.FindDrawing
        );
        attacked.RequireUnspoiled(training, data.Inputs(Split.Train, attacked.Domain));
        return new CallsOfFit(Count(training.ForwardCalls).Sum(), Count(training.GradientCalls).Sum());
    }

    public PerturbedBatch Perturb(CellBatch batch, CancellationToken cancel)
    {
        CraftedBatch crafted = attacked.Craft(_attack, batch, objective, attacked.Model.Precision, cancel);
        Tensor perturbed = crafted.Input;
        var result = new PerturbedBatch(perturbed, attacked.Model.Predict(perturbed, attacked.Domain))
        {
            Realised = attacked.Cell.Perturbation.ResynthesisSteps is { } steps ? Realise(batch, perturbed, steps, cancel) : null,
            ForwardCalls = Count([.. crafted.Clips.Select(c => c.ForwardCalls)]),
            GradientCalls = Count([.. crafted.Clips.Select(c => c.GradientCalls)]),
            SparedCalls = Count([.. crafted.Clips.Select(c => c.SparedCalls)]).Sum(),
            Notes = [.. crafted.Clips.Select(c => c.Notes)],
        };
        _traces.AddRange(crafted.Clips.Select(c => c.Trace));
        if (Samples > 1)
            _asAttacked.AddRange(MeasureAsAttacked(batch, perturbed));
        if (attacked.Domain == Domain.Waveform)
        {
            Tensor saved = LostIn16BitCheck.SaveAndRead(perturbed);
            _saved.AddRange(objective.Measure(batch, attacked.Model.Predict(saved, Domain.Waveform)).Value);
        }

        return result;
    }

    public IEnumerable<Doubt> Examine(IReadOnlyList<ClipRow> clips, CancellationToken cancel)
    {
        LabelledClips inputs = data.Inputs(Split.Test, attacked.Domain);
        // Of a model that draws, an attack is judged by the draws that it saw.
        IReadOnlyList<(float Clean, float Perturbed)> asSeen = Samples > 1 ? _asAttacked : [.. clips.Select(c => c.Measured.Objective)];
        var evidence = new CellEvidence
        {
            Attack = attacked.Cell.Perturbation.Use.Plugin,
            Objective = attacked.Cell.Perturbation.Objective,
            Direction = $"+{data.Emotions.Names[0]}",
            Metrics = [.. definition.Metrics.Select(m => m.Plugin.Metric!)],
            Budget = attacked.Budget,
            IsScaled = attacked.Cell.MaskingExcess is not null,
            Box = AttackedModel.BoxOf(attacked.Domain),
            Elements = inputs.Input.numel() / inputs.Count,
            Precision = attacked.Model.Precision,
            Clean = [.. asSeen.Select(o => o.Clean)],
            Perturbed = [.. asSeen.Select(o => o.Perturbed)],
            Saved = attacked.Domain == Domain.Waveform ? _saved : null,
            Traces = _traces,
            Trials = new AttackTrials(attacked, objective, batches, data, device, cancel),
        };
        return [.. attacked.Model.Doubts(attacked.Domain), .. Examination.ExamineCell(evidence)];
    }

    public void Dispose() => (_attack as IDisposable)?.Dispose();

    private int Samples => attacked.Model.SamplesPerCall(attacked.Model.Precision);

    // What a model averages over counts as often as it is asked.
    private IReadOnlyList<long> Count(IReadOnlyList<long> calls) => Samples == 1 ? calls : [.. calls.Select(c => c * Samples)];

    private IEnumerable<(float Clean, float Perturbed)> MeasureAsAttacked(CellBatch batch, Tensor perturbed)
    {
        IReadOnlyList<Prediction> predictions = attacked.Model.PredictAsAttacked(perturbed, attacked.Domain);
        return objective.Measure(batch, batch.CleanAsAttacked).Value.Zip(objective.Measure(batch, predictions).Value);
    }

    private Realised Realise(CellBatch batch, Tensor perturbed, int steps, CancellationToken cancel)
    {
        var range = TensorIndex.Slice(batch.First, batch.First + batch.Clips.Count);
        Tensor waveform = data.Waveforms(Split.Test, cancel).Input[range].to(device);
        (Tensor found, float[] residual) = Resynthesis.Find(data, waveform, perturbed, steps, cancel);
        float[] snr = new Budget(Norm.Snr, 0).Measure(found - waveform, waveform).cpu().data<float>().ToArray();
        return new Realised(found, attacked.Model.Predict(found, Domain.Waveform), residual, snr);
    }
}
