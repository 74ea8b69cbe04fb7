using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Reports.Bibliography;
using MerBench.Reports.Html;
using MerBench.Reports.Listening;

namespace MerBench.Reports.Archives;

/// <summary>What of a run goes into its archive.</summary>
internal static class ArchiveContent
{
    private const string Figures = "figures";

    // As a run and 'merbench report' name them; the folder that they write for a paper is taken as a whole.
    private static readonly (string Name, string Meaning)[] Files =
    [
        (RunFolder.ResultsFile, "All results but those of single clips"),
        ("manifest.json", "Checksums by which MerBench believes results and tables"),
        (RunFolder.BenchmarkFile, "The benchmark file as it was run"),
        ("results.md", "The results as tables for people"),
        (RunTables.Cells, "A row a cell: what it is, what it cost, each metric's mean"),
        (RunTables.Metrics, "A row a cell, metric and emotion"),
        (RunTables.Clips, "A row a cell and clip: ratings, predictions, sizes of perturbations"),
        (RunTables.Training, "A row a trained model and epoch"),
        ("tables.tex", "Tables for a paper"),
        ("tables.md", "Tables for a paper"),
        ("methods.tex", "What was done, for a paper"),
        ("methods.md", "What was done, for a paper"),
    ];

    /// <summary>In the order of their names.</summary>
    public static IReadOnlyList<ArchiveEntry> List(RunFolder run, RunResults results, ArchiveTerms terms, bool withAudio)
    {
        List<ArchiveEntry> entries =
        [
            .. Files
                .Where(f => File.Exists(Path.Combine(run.Path, f.Name)))
                .Select(f => ArchiveEntry.OfFile(f.Name, f.Meaning, Path.Combine(run.Path, f.Name))),
            .. FilesBelow(run, Figures, "A figure of the run"),
            .. FilesBelow(run, "paper", "A part of a paper"),
            .. withAudio ? FilesBelow(run, RunListening.Folder, "A clip before or after a perturbation, or what is known of it") : [],
            ArchiveEntry.OfText("references.bib", "What to cite besides the run", RunBibliography.Collect(results).ToBibTex()),
            ArchiveEntry.OfText(
                "provenance.json",
                "Machine, versions, and fingerprints of data, models and plugins",
                RunOrigin.Write(results)
            ),
            ArchiveEntry.OfText("CITATION.cff", "How to cite the run", CitationFile.Write(results, terms)),
        ];
        if (File.Exists(Path.Combine(run.Path, RunReport.FileName)))
            entries.Add(Report(run, results, withAudio));
        entries.Add(ArchiveEntry.OfText("README.md", "What this is", ArchiveReadme.Write(results, terms, entries, withAudio)));
        return [.. entries.OrderBy(e => e.Name, StringComparer.Ordinal)];
    }

    // The page holds sounds in itself.
    private static ArchiveEntry Report(RunFolder run, RunResults results, bool withAudio)
    {
        const string meaning = "The report for people, one page without network";
        return withAudio
            ? ArchiveEntry.OfFile(RunReport.FileName, meaning, Path.Combine(run.Path, RunReport.FileName))
            : ArchiveEntry.OfText(RunReport.FileName, meaning, RunReport.Create(run, results, withSounds: false).Render());
    }

    private static IEnumerable<ArchiveEntry> FilesBelow(RunFolder run, string folder, string meaning)
    {
        string path = Path.Combine(run.Path, folder);
        return Directory.Exists(path)
            ? Directory
                .EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
                .Select(f => ArchiveEntry.OfFile(Path.GetRelativePath(run.Path, f).Replace('\\', '/'), meaning, f))
            : [];
    }
}
