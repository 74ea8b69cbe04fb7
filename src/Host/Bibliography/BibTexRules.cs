using System.Text.RegularExpressions;

namespace MerBench.Host.Bibliography;

/// <summary>What an entry must have so that every style of BibTeX prints it, and LaTeX compiles what is printed.</summary>
internal static partial class BibTexRules
{
    // What the standard styles know, with what each needs besides title and year.
    private static readonly Dictionary<string, string?> Types = new (string Type, string? Needed)[]
    {
        ("article", "journal"),
        ("inproceedings", "booktitle"),
        ("conference", "booktitle"),
        ("incollection", "booktitle"),
        ("book", "publisher"),
        ("proceedings", null),
        ("inbook", "publisher"),
        ("phdthesis", "school"),
        ("mastersthesis", "school"),
        ("techreport", "institution"),
        ("manual", null),
        ("misc", null),
        ("unpublished", "note"),
        ("booklet", null),
    }.ToDictionary(t => t.Type, t => t.Needed, StringComparer.Ordinal);

    /// <summary>What is wrong, and what to do; null when nothing is.</summary>
    public static string? Problem(BibTexEntry entry)
    {
        if (!Types.TryGetValue(entry.Type, out string? needed))
            return $"the type '{entry.Type}' is none of BibTeX's standard styles; expected one of: {string.Join(", ", Types.Keys)}";
        if (entry.Fields.GroupBy(f => f.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return $"'{twice.Key}' is there twice";
        if (entry.Fields.FirstOrDefault(f => f.Value.Length == 0) is { Key: { } empty })
            return $"'{empty}' is empty";
        if (entry["author"] is null && entry["editor"] is null && entry["organization"] is null)
            return "it has no author (nor editor, nor organization)";
        foreach (string? field in new[] { "title", "year", needed })
            if (field is not null && entry[field] is null)
                return $"it has no {field}";
        if (!Year().IsMatch(entry["year"]!))
            return $"'{entry["year"]}' is no year";
        if (entry["doi"] is { } doi && !Doi().IsMatch(doi))
            return $"'{doi}' is no DOI: expected one like 10.1109/SP.2017.49, without https://doi.org/";
        if (entry["eprint"] is { } eprint && entry["archiveprefix"] is null or "arXiv" && !ArXiv().IsMatch(eprint))
            return $"'{eprint}' is no arXiv number: expected one like 1706.06083";
        if (entry.Fields.FirstOrDefault(f => !BibTexEntry.IsVerbatim(f.Key) && Special().IsMatch(f.Value)) is { Key: { } bare })
            return $"'{bare}' has {Special().Match(entry[bare]!).Value} where LaTeX needs \\{Special().Match(entry[bare]!).Value}";
        return null;
    }

    [GeneratedRegex("^[12][0-9]{3}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Year();

    [GeneratedRegex(@"^10\.[0-9]{4,9}/\S+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Doi();

    [GeneratedRegex(
        @"^([0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7})(v[0-9]+)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ArXiv();

    // Outside of mathematics these end a paper's compilation, or the line.
    [GeneratedRegex(@"(?<!\\)[&%#]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Special();
}
