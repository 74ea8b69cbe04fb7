using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Runs;

/// <summary>What cells of about the same cost have in common.</summary>
public readonly record struct WorkKind(string Model, string Perturbation)
{
    public static WorkKind Find(Cell cell) => new(cell.Model.Name, cell.Perturbation.Name);
}

/// <summary>
/// Estimates the time left in a run from the work done so far: cells by model and perturbation, because a corruption takes a hundredth of
/// an attack,
/// and models apart from cells.
/// </summary>
/// <param name="workers">How many share the work.</param>
public sealed class WorkEstimate(IReadOnlyDictionary<WorkKind, int> cellsLeft, int modelsLeft, int workers = 1)
{
    /// <summary>Before that much of something is done, it does not tell how long it will take.</summary>
    internal const double LeastShare = 0.05;

    private readonly Dictionary<WorkKind, int> _cellsLeft = new(cellsLeft);
    private readonly Dictionary<WorkKind, (double Seconds, int Count)> _cells = [];
    private (double Seconds, int Count) _models;
    private int _modelsLeft = modelsLeft;

    /// <param name="seconds">Null for a cell that took no time: it was in the store, or failed.</param>
    public void CellFinished(WorkKind kind, double? seconds)
    {
        if (_cellsLeft.TryGetValue(kind, out int left))
            _cellsLeft[kind] = Math.Max(0, left - 1);
        if (seconds is not { } took)
            return;
        (double sum, int count) = _cells.GetValueOrDefault(kind);
        _cells[kind] = (sum + took, count + 1);
    }

    public void ModelFinished(double seconds)
    {
        _modelsLeft = Math.Max(0, _modelsLeft - 1);
        _models = (_models.Seconds + seconds, _models.Count + 1);
    }

    /// <summary>The time left, or null before anything is known. Work not seen yet counts as the mean of the same perturbation on other
    /// models, else of all.</summary>
    /// <param name="trainings">The models in training now: time spent on each, and its finished share, more than 0.</param>
    /// <param name="cells">The cells that are computed now: time spent on each, and its finished share.</param>
    public TimeSpan? Left(
        ReadOnlySpan<(double Seconds, double Share)> trainings = default,
        ReadOnlySpan<(WorkKind Kind, double Seconds, double Share)> cells = default
    )
    {
        double? anyCell = Mean(_cells.Values);
        foreach ((_, double seconds, double share) in cells)
            if (share >= LeastShare)
                anyCell ??= seconds / share;
        // A cell can take seconds or hours; the first one tells.
        if (anyCell is null && _cellsLeft.Values.Any(count => count > 0))
            return null;
        double left = Math.Max(0, _modelsLeft - trainings.Length) * EstimateModel(trainings);
        foreach ((double seconds, double share) in trainings)
            left += seconds / share * (1 - share);
        foreach ((WorkKind kind, int count) in _cellsLeft)
            left += count * PerCell(kind);
        foreach ((WorkKind kind, double seconds, double share) in cells)
        {
            double whole = PerCell(kind),
                rest = share >= LeastShare ? seconds / share * (1 - share) : Math.Max(0, whole - seconds);
            left += rest - whole;
        }

        return TimeSpan.FromSeconds(Math.Max(0, left) / workers);

        double PerCell(WorkKind kind) =>
            _cells.TryGetValue(kind, out var seen)
                ? seen.Seconds / seen.Count
                : Mean(_cells.Where(c => c.Key.Perturbation == kind.Perturbation).Select(c => c.Value)) ?? anyCell ?? 0;
    }

    private double EstimateModel(ReadOnlySpan<(double Seconds, double Share)> trainings)
    {
        if (_models.Count > 0)
            return _models.Seconds / _models.Count;
        return trainings.IsEmpty ? 0 : trainings[0].Seconds / trainings[0].Share;
    }

    private static double? Mean(IEnumerable<(double Seconds, int Count)> work)
    {
        (double seconds, int count) = (0, 0);
        foreach ((double s, int n) in work)
            (seconds, count) = (seconds + s, count + n);
        return count == 0 ? null : seconds / count;
    }
}
