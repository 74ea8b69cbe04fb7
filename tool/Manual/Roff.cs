using System.Text;

namespace MerBench.Tool.Manual;

/// <summary>Text in the language of manual pages, with the macros of man(7).</summary>
internal sealed class Roff
{
    // Of a line of source, which is filled anew.
    private const int Width = 79;

    private readonly StringBuilder _text = new();

    public void Title(string name, DateTime day, string source) =>
        Line(FormattableString.Invariant($""".TH {name} 1 {day:yyyy-MM-dd} "{Escape(source)}" "User Commands" """).TrimEnd());

    public void Section(string title) => Line($".SH {Escape(title)}");

    public void Subsection(string title) => Line($".SS {Escape(title)}");

    public void Text(string text)
    {
        var line = new StringBuilder();
        foreach (string word in text.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Escape))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Width)
            {
                Line(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        Line(line.ToString());
    }

    public void Paragraph(string text)
    {
        Line(".PP");
        Text(text);
    }

    /// <summary>A term in bold, and what it is.</summary>
    public void Item(string term, string meaning)
    {
        Line(".TP");
        Line($".B {Escape(term)}");
        Text(meaning);
    }

    /// <summary>Lines as they are typed.</summary>
    public void Typed(string line)
    {
        Line(".PP");
        Line(".nf");
        Line(".RS 4");
        Line(Escape(line));
        Line(".RE");
        Line(".fi");
    }

    public override string ToString() => _text.ToString();

    private void Line(string line) => _text.Append(line).Append('\n');

    // A backslash begins a command, and so does a point or an apostrophe at the start of a line; a hyphen would become a dash.
    private static string Escape(string text)
    {
        string escaped = text.ReplaceLineEndings(" ")
            .Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("'", "\\(aq", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal)
            .Replace("`", "\\(ga", StringComparison.Ordinal)
            .Replace("^", "\\(ha", StringComparison.Ordinal)
            .Replace("~", "\\(ti", StringComparison.Ordinal);
        return escaped.StartsWith('.') ? $"\\&{escaped}" : escaped;
    }
}
