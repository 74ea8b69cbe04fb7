using System.CommandLine;
using MerBench.Reports;

namespace MerBench.Tool.Commands;

/// <summary>Whether a run makes pages, pictures and sounds beside its results.</summary>
internal sealed class ReportOption
{
    private const string Variable = "MERBENCH_REPORT";

    private readonly Option<bool> _none = new("--no-report")
    {
        Description = $"Write results, tables and results.md alone: no report, figures and sound. Also {Variable}=off.",
    };

    public void AddTo(Command command) => command.Add(_none);

    /// <summary>The option as it was given, for another process.</summary>
    public IReadOnlyList<string> Repeat(ParseResult parsed) => parsed.GetValue(_none) ? [_none.Name] : [];

    public RunArtifacts Read(ParseResult parsed) =>
        new(withReport: !parsed.GetValue(_none) && Environment.GetEnvironmentVariable(Variable) is not "off");
}
