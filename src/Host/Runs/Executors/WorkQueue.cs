using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Runs.Executors;

/// <summary>
/// Decides which cell a worker gets next. A model that is not ready is made by one worker, the one that gets its first cell; the others
/// wait for it or
/// work on other models. Workers stay with their model, then take one that nobody works on, then help with the one that has most cells
/// left.
/// </summary>
/// <param name="models">Keys of the models that a cell needs: its own first, then its surrogates.</param>
/// <param name="isReady">Whether a model need not be made.</param>
internal sealed class WorkQueue(IReadOnlyList<Cell> cells, Func<Cell, IReadOnlyList<string>> models, Func<string, bool> isReady)
{
    private readonly OrderedDictionary<string, List<Cell>> _left = new(
        cells.GroupBy(c => models(c)[0], StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.ToList())),
        StringComparer.Ordinal
    );
    private readonly HashSet<string> _ready = [.. cells.SelectMany(models).Distinct(StringComparer.Ordinal).Where(isReady)];
    private readonly Dictionary<string, int> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _modelOf = [];

    public bool IsEmpty => _left.Count == 0;

    /// <summary>The next cell for a worker, or null when there is none now: all that is left waits for models that others make.</summary>
    public Cell? Next(int worker)
    {
        string? own = _modelOf.GetValueOrDefault(worker);
        var possible = _left
            .Select(group => (group.Key, Cell: group.Value.Find(IsPossible), group.Value.Count))
            .Where(g => g.Cell is not null);
        (string Key, Cell? Cell, int Count) = possible
            .OrderBy(g => Rank(g.Key, own))
            .ThenByDescending(g => _modelOf.ContainsValue(g.Key) ? g.Count : 0)
            .FirstOrDefault();
        if (Cell is null)
        {
            _modelOf.Remove(worker);
            return null;
        }

        Take(Key, Cell);
        _modelOf[worker] = Key;
        foreach (string model in models(Cell).Where(m => !_ready.Contains(m)))
            _makers[model] = worker;
        return Cell;
    }

    /// <summary>A model was made and is in the store.</summary>
    public void Ready(string model)
    {
        _ready.Add(model);
        _makers.Remove(model);
    }

    /// <summary>A worker is through with its cell: what it did not make, others may.</summary>
    public void Release(int worker)
    {
        foreach (string model in _makers.Where(m => m.Value == worker).Select(m => m.Key).ToList())
            _makers.Remove(model);
    }

    /// <summary>Gives a cell back, to be the first of its model.</summary>
    public void PutBack(Cell cell)
    {
        string model = models(cell)[0];
        if (_left.TryGetValue(model, out List<Cell>? others))
            others.Insert(0, cell);
        else
            _left[model] = [cell];
    }

    /// <summary>Takes all cells of a model out.</summary>
    public IReadOnlyList<Cell> TakeAll(string model) => _left.Remove(model, out List<Cell>? all) ? all : [];

    private int Rank(string model, string? own)
    {
        if (model == own)
            return 0;
        return _modelOf.ContainsValue(model) ? 2 : 1;
    }

    private bool IsPossible(Cell cell) => models(cell).All(m => _ready.Contains(m) || !_makers.ContainsKey(m));

    private void Take(string model, Cell cell)
    {
        _left[model].Remove(cell);
        if (_left[model].Count == 0)
            _left.Remove(model);
    }
}
