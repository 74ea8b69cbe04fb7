using System.Globalization;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Collects what is wrong, so that the user mends a table in one go.</summary>
internal sealed class ProblemList(string file)
{
    private const int Shown = 20;
    private readonly List<DataIssue> _problems = [];

    public IReadOnlyList<DataIssue> Issues => _problems;

    public void Add(string problem, DataIssueKind kind = DataIssueKind.Mismatching) => _problems.Add(new DataIssue(kind, problem));

    public void Add(Row row, string problem, DataIssueKind kind = DataIssueKind.Mismatching) => Add($"{row.Place}: {problem}", kind);

    /// <exception cref="PluginUserException">There is at least one problem.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count == 0)
            return;
        string count = _problems.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {_problems.Count} problems");
        IEnumerable<string> lines = _problems.Take(Shown).Select(p => "  " + p.Message);
        if (_problems.Count > Shown)
            lines = lines.Append(string.Create(CultureInfo.InvariantCulture, $"  ... and {_problems.Count - Shown} more"));
        throw new PluginUserException(string.Join('\n', lines.Prepend($"'{file}' cannot be used{count}:")));
    }
}
