using MerBench.Host.Text;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Collects what is wrong, so that the user mends a table in one go.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<DataIssue> _problems = [];

    public IReadOnlyList<DataIssue> Issues => _problems;

    public void Add(string problem, DataIssueKind kind = DataIssueKind.Mismatching) => _problems.Add(new DataIssue(kind, problem));

    public void Add(Row row, string problem, DataIssueKind kind = DataIssueKind.Mismatching) => Add($"{row.Place}: {problem}", kind);

    /// <exception cref="PluginUserException">There is at least one problem.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
            throw new PluginUserException(ProblemText.Write($"'{file}'", [.. _problems.Select(p => p.Message)]));
    }
}
