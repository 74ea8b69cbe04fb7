using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>Collects what is wrong over all clips, so that the user mends a dataset in one go.</summary>
internal sealed class ProblemList
{
    private readonly List<DataIssue> _problems = [];

    public IReadOnlyList<DataIssue> Issues => _problems;

    /// <summary>What is said of a clip, with its place in the dataset.</summary>
    public static string About(Clip clip, string what)
    {
        string origin = clip.Origin.Length > 0 ? $" ({GuestText.Escape(clip.Origin)})" : "";
        return $"clip '{GuestText.Name(clip.Id)}'{origin}: {what}";
    }

    public void Add(string problem, DataIssueKind kind = DataIssueKind.Mismatching) => _problems.Add(new DataIssue(kind, problem));

    public void Add(Clip clip, string problem, DataIssueKind kind = DataIssueKind.Mismatching) => Add(About(clip, problem), kind);

    /// <exception cref="UserErrorException">There is at least one problem.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
            throw new UserErrorException(ProblemText.Write("The dataset", [.. _problems.Select(p => p.Message)]));
    }
}
