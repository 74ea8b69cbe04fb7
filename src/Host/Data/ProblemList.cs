using System.Globalization;

namespace MerBench.Host.Data;

/// <summary>Collects what is wrong over all clips, so that the user mends a dataset in one go.</summary>
internal sealed class ProblemList
{
    private const int Shown = 20;
    private readonly List<string> _problems = [];

    public void Add(string problem) => _problems.Add(problem);

    public void Add(Clip clip, string problem) => Add($"clip '{clip.Id}'{(clip.Origin.Length > 0 ? $" ({clip.Origin})" : "")}: {problem}");

    /// <exception cref="UserErrorException">There is at least one problem.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count == 0)
            return;
        string title =
            _problems.Count == 1
                ? "The dataset cannot be used:"
                : string.Create(CultureInfo.InvariantCulture, $"The dataset cannot be used, {_problems.Count} problems:");
        IEnumerable<string> lines = _problems.Take(Shown).Select(p => "  " + p);
        if (_problems.Count > Shown)
            lines = lines.Append(string.Create(CultureInfo.InvariantCulture, $"  ... and {_problems.Count - Shown} more"));
        throw new UserErrorException(string.Join('\n', lines.Prepend(title)));
    }
}
