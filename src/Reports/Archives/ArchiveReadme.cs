using MerBench.Host.Results;

namespace MerBench.Reports.Archives;

/// <summary>What somebody reads first who finds an archive.</summary>
internal static class ArchiveReadme
{
    public static string Write(RunResults results, ArchiveTerms terms, IEnumerable<ArchiveEntry> entries, bool withAudio)
    {
        string files = string.Join('\n', entries.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => $"| `{e.Name}` | {e.Meaning} |"));
        string sound = withAudio
            ? "Recordings of the dataset, but for the clips in `audio` and in the report, which stay under its terms; weights of models."
            : "Sound of the dataset, and weights of models.";
        return $"""
            # {RunTitle.Write(results)}

            {RunTitle.Describe(results)}

            This is an [RO-Crate](https://w3id.org/ro/crate/1.2): `ro-crate-metadata.json` lists the files with size and SHA-256.
            `merbench report`, `compare`, `query` and `leaderboard` open the zip as it is.

            ## Licence
            {terms.Note} The licences of the dataset, of models and of plugins are their own.

            ## What is not in here
            {sound} `provenance.json` has the fingerprints by which they are known again.

            ## Files
            | file | what it is |
            |---|---|
            {files}

            """.ReplaceLineEndings("\n");
    }
}
