using System.Text;

namespace MerBench.Host.Bibliography;

/// <summary>One entry of a bibliography.</summary>
/// <param name="Type">In lower case, such as <c>article</c>.</param>
/// <param name="Key">What <c>\cite</c> names.</param>
/// <param name="Fields">Names in lower case, in the order written; values as BibTeX has them between the outer braces.</param>
public sealed record BibTexEntry(string Type, string Key, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>A field's value as BibTeX has it; null where the entry lacks it.</summary>
    public string? this[string field] => Fields.Where(f => f.Key == field).Select(f => f.Value).FirstOrDefault();

    /// <summary>The entry in ASCII, as every BibTeX reads it.</summary>
    public string ToBibTex()
    {
        var text = new StringBuilder();
        int width = Fields.Max(f => f.Key.Length);
        text.Append('@').Append(Type).Append('{').Append(Key);
        foreach ((string field, string value) in Fields)
            text.Append(",\n  ")
                .Append(field.PadRight(width))
                .Append(" = {")
                .Append(IsVerbatim(field) ? value : TexText.ToAscii(value))
                .Append('}');
        return text.Append("\n}\n").ToString();
    }

    /// <summary>For people: <c>Madry, Makelov, Schmidt and others, Towards ..., ICLR, 2018, arXiv:1706.06083</c>.</summary>
    public string ToCitation()
    {
        string[] people = [.. (this["author"] ?? this["editor"] ?? this["organization"] ?? "").Split(" and ").Select(Surname)];
        string names = people.Length > 3 ? $"{string.Join(", ", people[..3])} and others" : string.Join(" and ", people);
        string? venue =
            this["journal"]
            ?? this["booktitle"]
            ?? this["school"]
            ?? this["publisher"]
            ?? (this["eprint"] is null ? this["howpublished"] : null);
        string? preprint = this["eprint"] is { } number ? $"arXiv:{number}" : null;
        string? place = this["doi"] is { } doi ? $"https://doi.org/{doi}" : preprint ?? this["url"];
        return string.Join(
            ", ",
            new[] { names, TexText.ToPlain(this["title"] ?? ""), venue is null ? null : TexText.ToPlain(venue), this["year"], place }.Where(
                part => part is not null
            )
        );
    }

    // Fields that hold addresses, where a percent sign or an underscore is itself.
    internal static bool IsVerbatim(string field) => field is "doi" or "url" or "eprint";

    // A name is written "Family, Given" or "Given Family"; one in braces is a body's.
    private static string Surname(string name)
    {
        name = name.Trim();
        if (name.StartsWith('{'))
            return TexText.ToPlain(name);
        int comma = name.IndexOf(',', StringComparison.Ordinal);
        return TexText.ToPlain(comma > 0 ? name[..comma] : name[(name.LastIndexOf(' ') + 1)..]);
    }
}
