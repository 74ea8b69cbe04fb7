using System.Text;
using MerBench.Host.Bibliography;
using MerBench.Host.Results;
using MerBench.Reports.Bibliography;

namespace MerBench.Reports.Paper;

/// <summary>How a run was made, as paragraphs of a paper's methods section. Every number is the run's; what was not done is not
/// said.</summary>
internal static class MethodsText
{
    public static IReadOnlyList<Paragraph> Write(RunResults results)
    {
        var facts = new RunFacts(results);
        RunBibliography bibliography = RunBibliography.Collect(results);
        Paragraph[] all =
        [
            DataMethods.Write(facts, bibliography),
            ModelMethods.Write(facts, bibliography),
            PerturbationMethods.Write(facts, bibliography),
            StatisticsMethods.Write(facts),
            MachineMethods.Write(facts),
        ];
        return [.. all.Where(p => !p.IsEmpty)];
    }

    public static string Latex(RunResults results) =>
        new StringBuilder(
            $"% How the run '{TexText.ToAscii(results.Benchmark)}' was made, written by MerBench from its results. Citations are keys of "
                + $"references.bib.\n"
        )
            .AppendJoin("\n\n", Write(results).Select(p => p.Latex))
            .Append('\n')
            .ToString();

    public static string Markdown(RunResults results) => string.Join("\n\n", Write(results).Select(p => p.Markdown)) + "\n";
}
