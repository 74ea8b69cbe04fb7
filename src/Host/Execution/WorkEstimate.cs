namespace MerBench.Host.Execution;

/// <summary>
/// Estimates the time left in a run from the work done so far: cells by perturbation, because a corruption takes a hundredth of an attack,
/// and models apart from cells.
/// </summary>
/// <param name="workers">How many share the work.</param>
public sealed class WorkEstimate(IReadOnlyDictionary<string, int> cellsLeftByPerturbation, int modelsLeft, int workers = 1)
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
    /// <param name="training">The models in training now: time spent on each, and its finished share, more than 0.</param>
    public TimeSpan? Left(params ReadOnlySpan<(double Seconds, double Share)> training)
    {
        if (_cells.Count == 0 && _models.Count == 0 && training.IsEmpty) return null;
        double perModel = _models.Count > 0 ? _models.Seconds / _models.Count : training.IsEmpty ? 0 : training[0].Seconds / training[0].Share;
        double models = Math.Max(0, _modelsLeft - training.Length) * perModel;
        foreach ((double seconds, double share) in training) models += seconds / share * (1 - share);
        double anyCell = _cells.Count > 0 ? _cells.Values.Sum(c => c.Seconds) / _cells.Values.Sum(c => c.Count) : perModel / 10;
        double cells = _cellsLeft.Sum(p => p.Value * (_cells.TryGetValue(p.Key, out var seen) ? seen.Seconds / seen.Count : anyCell));
        return TimeSpan.FromSeconds((models + cells) / workers);
    }
}
