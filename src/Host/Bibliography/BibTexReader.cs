namespace MerBench.Host.Bibliography;

/// <summary>Reads BibTeX as publishers offer it, strictly: fields in braces, in quotes or as numbers, and the abbreviations of months.
/// Other abbreviations and <c>#</c> are not known.</summary>
public sealed class BibTexReader
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private readonly string _text;
    private int _at;

    private BibTexReader(string text) => _text = text;

    /// <summary>Reads one entry.</summary>
    /// <exception cref="FormatException">It is none, or more than one, or breaks a rule of <see cref="BibTexRules"/>.</exception>
    public static BibTexEntry ReadOne(string text) =>
        Read(text) switch
        {
            [var entry] => entry,
            { Count: 0 } => throw new FormatException("there is no entry: expected @type{key, field = {value}, ...}"),
            _ => throw new FormatException("there is more than one entry: give each a [Reference] of its own"),
        };

    /// <summary>Reads all entries; there is nothing but blanks between them.</summary>
    /// <exception cref="FormatException">It cannot be read, or an entry breaks a rule of <see cref="BibTexRules"/>.</exception>
    public static IReadOnlyList<BibTexEntry> Read(string text)
    {
        var reader = new BibTexReader(text);
        var entries = new List<BibTexEntry>();
        while (!reader.IsAtEnd())
            entries.Add(reader.Entry());
        foreach (BibTexEntry entry in entries)
            if (BibTexRules.Problem(entry) is { } problem)
                throw new FormatException($"{entry.Key}: {problem}");
        return entries;
    }

    private BibTexEntry Entry()
    {
        Expect('@');
        string type = Word("a type such as article").ToLowerInvariant();
        Expect('{');
        string key = Word("a key such as madry2018");
        var fields = new List<KeyValuePair<string, string>>();
        while (true)
        {
            if (Accept('}'))
                return new BibTexEntry(type, key, fields);
            Expect(',');
            if (Accept('}'))
                return new BibTexEntry(type, key, fields);
            string field = Word("the name of a field").ToLowerInvariant();
            Expect('=');
            fields.Add(KeyValuePair.Create(field, Value()));
        }
    }

    private string Value()
    {
        if (Accept('{'))
            return Enclosed('}');
        if (Accept('"'))
            return Enclosed('"');
        string word = Word("a value in braces");
        return word.All(char.IsAsciiDigit) || Months.Contains(word, StringComparer.OrdinalIgnoreCase)
            ? word
            : throw Wrong($"'{word}' is an abbreviation that nobody has defined; write the value in braces");
    }

    // Up to the closing mark, over balanced braces; runs of blanks are one.
    private string Enclosed(char end)
    {
        int start = _at,
            depth = 0;
        for (; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == end && depth == 0)
                return string.Join(' ', _text[start.._at++].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (c == '\\')
                _at++;
            else if (c == '{')
                depth++;
            else if (c == '}' && --depth < 0)
                throw Wrong("a brace is closed that was not opened");
        }

        throw Wrong($"a value is not closed by {end}");
    }

    private string Word(string expected)
    {
        SkipBlanks();
        int start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_' or ':' or '.' or '/' or '+'))
            _at++;
        return _at > start ? _text[start.._at] : throw Wrong($"expected {expected}");
    }

    private bool Accept(char c)
    {
        SkipBlanks();
        if (_at >= _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!Accept(c))
            throw Wrong($"expected '{c}'");
    }

    private bool IsAtEnd()
    {
        SkipBlanks();
        return _at >= _text.Length;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    private FormatException Wrong(string what)
    {
        int line = 1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n');
        return new FormatException(FormattableString.Invariant($"line {line}: {what}"));
    }
}
