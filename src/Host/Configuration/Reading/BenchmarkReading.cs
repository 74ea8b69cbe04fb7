using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>What came of reading a benchmark file.</summary>
/// <param name="Definition">The definition, when there are no problems.</param>
/// <param name="Problems">Everything that is wrong with the file, in the order of places.</param>
public sealed record BenchmarkReading(BenchmarkDefinition? Definition, IReadOnlyList<BenchmarkProblem> Problems)
{
    private const int Shown = 50;

    /// <summary>What is worth knowing of the files of its models.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Files and folders that it names, absolute.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The file as it was read.</summary>
    public string Text { get; init; } = "";

    /// <summary>The definition.</summary>
    /// <exception cref="UserErrorException">The file has problems; the message lists all of them, one a line.</exception>
    public BenchmarkDefinition DefinitionOrThrow() => Definition ?? throw new UserErrorException(Write());

    private string Write()
    {
        IEnumerable<string> lines = Problems.Take(Shown).Select(p => p.ToString());
        if (Problems.Count > Shown)
            lines = lines.Append($"{Problems[Shown].At}: here and below are {ShortList.Count(Problems.Count - Shown)} more problems");
        return string.Join('\n', lines);
    }
}
