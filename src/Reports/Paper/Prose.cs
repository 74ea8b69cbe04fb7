using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using MerBench.Host.Bibliography;
using MerBench.Host.Text;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>A piece of a sentence that Markdown and LaTeX write differently.</summary>
internal abstract record Inline
{
    public static Inline Code(string text) => new CodeText(text);

    /// <summary>Citations; nothing for no keys.</summary>
    public static Inline Cite(params IEnumerable<string> keys) => new Citation([.. keys.Distinct(StringComparer.Ordinal)]);

    /// <summary>A formula.</summary>
    public static Inline Math(string latex, string plain) => new Formula(latex, plain);

    public static Inline Text(string text) => new PlainText(text);

    /// <summary>Pieces as a list: <c>a, b and c</c>.</summary>
    public static Inline List(IEnumerable<Inline> items) => new Enumeration([.. items]);

    public abstract string Latex { get; }

    public abstract string Markdown { get; }

    private sealed record PlainText(string Value) : Inline
    {
        public override string Latex => TexText.Escape(Value);

        public override string Markdown => MarkdownText.Escape(Value).Replace("*", "\\*", StringComparison.Ordinal);
    }

    private sealed record CodeText(string Value) : Inline
    {
        public override string Latex => $"\\texttt{{{TexText.Escape(Value)}}}";

        public override string Markdown => $"`{GuestText.Escape(Value).Replace('`', '\'')}`";
    }

    private sealed record Formula(string InLatex, string Plain) : Inline
    {
        public override string Latex => $"${InLatex}$";

        public override string Markdown => Plain;
    }

    private sealed record Citation(IReadOnlyList<string> Keys) : Inline
    {
        public override string Latex => Keys.Count == 0 ? "" : $"~\\cite{{{string.Join(',', Keys)}}}";

        public override string Markdown => Keys.Count == 0 ? "" : $" [{string.Join("; ", Keys.Select(k => $"@{k}"))}]";
    }

    private sealed record Enumeration(IReadOnlyList<Inline> Items) : Inline
    {
        public override string Latex => Join(Items.Select(i => i.Latex));

        public override string Markdown => Join(Items.Select(i => i.Markdown));

        private static string Join(IEnumerable<string> items)
        {
            string[] all = [.. items];
            return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
        }
    }
}

/// <summary>Sentences of one paragraph. Literals of interpolated strings are plain text, and so are strings in holes; numbers are written
/// invariantly.</summary>
internal sealed class Paragraph
{
    private readonly StringBuilder _latex = new(),
        _markdown = new();

    public string Latex => _latex.ToString();

    public string Markdown => _markdown.ToString();

    public bool IsEmpty => _latex.Length == 0;

    /// <summary>Adds a sentence.</summary>
    public void Say(Sentence sentence)
    {
        if (!IsEmpty)
        {
            _latex.Append('\n');
            _markdown.Append(' ');
        }

        _latex.Append(sentence.Latex);
        _markdown.Append(sentence.Markdown);
    }
}

/// <summary>An interpolated string, in both languages.</summary>
[InterpolatedStringHandler]
internal sealed record Sentence : Inline
{
    private readonly StringBuilder _latex,
        _markdown;

    public Sentence(int literalLength, int formattedCount) =>
        (_latex, _markdown) = (
            new StringBuilder(literalLength + (formattedCount * 16)),
            new StringBuilder(literalLength + (formattedCount * 16))
        );

    public override string Latex => _latex.ToString();

    public override string Markdown => _markdown.ToString();

    public static Sentence Format(Sentence sentence) => sentence;

    public void AppendLiteral(string text) => AppendFormatted(Text(text));

    public void AppendFormatted(Inline piece)
    {
        _latex.Append(piece.Latex);
        _markdown.Append(piece.Markdown);
    }

    public void AppendFormatted(string? text) => AppendFormatted(Text(text ?? ""));

    public void AppendFormatted(IFormattable number) => AppendFormatted(number, number is double or float ? "0.############" : null);

    public void AppendFormatted(IFormattable number, string? format) =>
        AppendFormatted(Text(number.ToString(format, CultureInfo.InvariantCulture)));
}
