using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>Collects what is wrong over all clips, so that the user mends a dataset in one go.</summary>
internal sealed class ProblemList
{
    private readonly List<string> _problems = [];

    public void Add(string problem) => _problems.Add(problem);

    public void Add(Clip clip, string problem) => Add($"clip '{clip.Id}'{(clip.Origin.Length > 0 ? $" ({clip.Origin})" : "")}: {problem}");

    /// <exception cref="UserErrorException">There is at least one problem.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
            throw new UserErrorException(ProblemText.Write("The dataset", _problems));
    }
}
