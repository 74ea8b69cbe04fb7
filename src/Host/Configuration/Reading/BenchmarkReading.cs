using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>What came of reading a benchmark file.</summary>
/// <param name="Definition">The definition, when there are no problems.</param>
/// <param name="Problems">Everything that is wrong with the file, in the order of places.</param>
public sealed record BenchmarkReading(BenchmarkDefinition? Definition, IReadOnlyList<BenchmarkProblem> Problems)
{
    /// <summary>The definition.</summary>
    /// <exception cref="UserErrorException">The file has problems; the message lists all of them, one a line.</exception>
    public BenchmarkDefinition DefinitionOrThrow() => Definition ?? throw new UserErrorException(string.Join('\n', Problems));
}
