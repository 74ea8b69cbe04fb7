using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>The objective of a cell, on predictions by which results are judged.</summary>
internal sealed class CellObjective(BenchmarkDefinition definition, PreparedDataset data, Cell cell)
{
    private readonly Objective _objective = Objective.Parse(cell.Perturbation.Objective, data.Emotions);

    /// <summary>What the attack maximises, and the change that it is about in multiples of the tolerance, a clip.</summary>
    public (float[] Value, float[] Shift) Measure(CellBatch batch, IReadOnlyList<Prediction> predicted)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var reference = new ClipReference(batch.Targets.cpu())
        {
            Clean = Prediction.Stack(batch.Clean, CPU),
            Tolerance = AttackedModel.Tolerances(definition, data, batch.Clips),
            Curve = batch.Curve is { } curve ? curve with { Ratings = curve.Ratings.cpu() } : null,
        };
        ModelOutput output = Prediction.Stack(predicted, CPU);
        return (_objective.Value(output, reference).data<float>().ToArray(), _objective.Shift(output, reference).data<float>().ToArray());
    }
}
