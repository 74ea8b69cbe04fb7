namespace MerBench.Host.Execution;

/// <summary>
/// Estimates the time left in a run from the work done so far: cells by perturbation, because a corruption takes a hundredth of an attack,
/// and models apart from cells.
/// </summary>
public sealed class WorkEstimate(IReadOnlyDictionary<string, int> cellsLeftByPerturbation, int modelsLeft)
{
    private readonly Dictionary<string, int> _cellsLeft = new(cellsLeftByPerturbation, StringComparer.Ordinal);
    private readonly Dictionary<string, (double Seconds, int Count)> _cells = new(StringComparer.Ordinal);
    private (double Seconds, int Count) _models;
    private int _modelsLeft = modelsLeft;

    /// <param name="seconds">Null for a cell that took no time: it was in the store, or failed.</param>
    public void CellFinished(string perturbation, double? seconds)
    {
        if (_cellsLeft.TryGetValue(perturbation, out int left)) _cellsLeft[perturbation] = Math.Max(0, left - 1);
        if (seconds is not { } took) return;
        (double sum, int count) = _cells.GetValueOrDefault(perturbation);
        _cells[perturbation] = (sum + took, count + 1);
    }

    public void ModelFinished(double seconds)
    {
        _modelsLeft = Math.Max(0, _modelsLeft - 1);
        _models = (_models.Seconds + seconds, _models.Count + 1);
    }

    /// <summary>The time left, or null before anything is known. Kinds of work not seen yet count as the mean of those seen.</summary>
    /// <param name="secondsIntoModel">Time spent on the model in training now.</param>
    /// <param name="shareOfModel">Its finished share, or 0 when none is in training.</param>
    public TimeSpan? Left(double secondsIntoModel = 0, double shareOfModel = 0)
    {
        bool training = shareOfModel > 0;
        if (_cells.Count == 0 && _models.Count == 0 && !training) return null;
        double perModel = _models.Count > 0 ? _models.Seconds / _models.Count : training ? secondsIntoModel / shareOfModel : 0;
        double models = (Math.Max(0, _modelsLeft - (training ? 1 : 0)) * perModel)
            + (training ? secondsIntoModel / shareOfModel * (1 - shareOfModel) : 0);
        double anyCell = _cells.Count > 0 ? _cells.Values.Sum(c => c.Seconds) / _cells.Values.Sum(c => c.Count) : perModel / 10;
        double cells = _cellsLeft.Sum(p => p.Value * (_cells.TryGetValue(p.Key, out var seen) ? seen.Seconds / seen.Count : anyCell));
        return TimeSpan.FromSeconds(models + cells);
    }
}
