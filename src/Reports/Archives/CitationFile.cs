using System.Globalization;
using System.Text;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results;

namespace MerBench.Reports.Archives;

/// <summary>How to cite a run, in the Citation File Format (https://citation-file-format.github.io).</summary>
internal static class CitationFile
{
    public static string Write(RunResults results, ArchiveTerms terms)
    {
        var text = new StringBuilder();
        text.Append("cff-version: 1.2.0\n");
        text.Append("message: If you use these results, please cite them and what references.bib lists.\n");
        text.Append("type: dataset\n");
        text.Append(CultureInfo.InvariantCulture, $"title: {Quote(RunTitle.Write(results))}\n");
        text.Append("authors:\n");
        text.Append(CultureInfo.InvariantCulture, $"  - name: {Quote(RunTitle.WriteAuthor(results))}\n");
        text.Append(CultureInfo.InvariantCulture, $"date-released: {results.Environment.Started:yyyy-MM-dd}\n");
        if (terms.Identifier is { } identifier)
            text.Append(CultureInfo.InvariantCulture, $"license: {identifier}\n");
        else if (terms.Address is { } address)
            text.Append(CultureInfo.InvariantCulture, $"license-url: {Quote(address)}\n");
        if (results.About?.Link is { } link)
            text.Append(CultureInfo.InvariantCulture, $"url: {Quote(link)}\n");
        text.Append("references:\n");
        text.Append("  - type: software\n");
        text.Append("    title: MerBench\n");
        text.Append(CultureInfo.InvariantCulture, $"    version: {Quote(results.Environment.MerBench)}\n");
        text.Append("    authors:\n");
        text.Append("      - name: The MerBench authors\n");
        return text.ToString();
    }

    // What JSON quotes, YAML reads.
    private static string Quote(string text) => JsonSerializer.Serialize(text, ResultJson.Options);
}
