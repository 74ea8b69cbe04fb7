using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Options;
using MerBench.Host.Runs.Progress;

namespace MerBench.Host.Runs.Executors;

/// <summary>What a cell and its model may use, and what is said of one that uses more.</summary>
internal sealed class WorkLimits(BenchmarkDefinition definition)
{
    // A worker asks its work to stop, leaves behind what does not, and says so: this is for one that cannot.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string DescribeSlowCell(Cell cell) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{cell.Perturbation.Use.Plugin.Id} took longer than {definition.CellTimeout}; raise evaluation: cell-timeout or lower its cost"
        );

    public string DescribeSilentModel(Cell cell) =>
        $"model not ready: {cell.Model.Use.Plugin.Id} gave no sign of life for {StatusText.Duration(definition.ModelTimeout)}; raise "
        + $"evaluation: model-timeout or lower its cost";

    /// <summary>What is said of a worker that is to be ended now for the time that its cell takes; null for others.</summary>
    public string? FindTooLong(Worker worker)
    {
        if (worker.Cell is not { } cell)
            return null;
        if (worker.HasBegun)
            return worker.Watch.SinceCell > definition.CellTimeout + Patience ? DescribeSlowCell(cell) : null;
        return worker.Watch.Silence > definition.ModelTimeout + Patience ? DescribeSilentModel(cell) : null;
    }

    /// <summary>What is said of a worker that holds too much memory; null for others.</summary>
    public string? FindTooLarge(Worker worker)
    {
        if (definition.Memory is not { } most || worker.Process?.MeasureMemory() is not { } held || held <= most.Bytes)
            return null;
        return $"the worker process held {new DataSize(held)} of memory, where evaluation: memory allows {most}; raise it, or lower "
            + $"'evaluation: batch'";
    }
}
