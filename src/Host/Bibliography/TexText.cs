using System.Text;
using MerBench.Host.Text;

namespace MerBench.Host.Bibliography;

/// <summary>Text for LaTeX: every character as ASCII that pdfLaTeX, XeLaTeX and LuaLaTeX set the same, without packages.</summary>
public static class TexText
{
    private static readonly Dictionary<char, string> Special = Table(
        ('\\', "\\textbackslash{}"),
        ('{', "\\{"),
        ('}', "\\}"),
        ('$', "\\$"),
        ('&', "\\&"),
        ('#', "\\#"),
        ('_', "\\_"),
        ('%', "\\%"),
        ('^', "\\textasciicircum{}"),
        ('~', "\\textasciitilde{}"),
        ('<', "\\textless{}"),
        ('>', "\\textgreater{}"),
        ('|', "\\textbar{}"),
        ('"', "{\\textquotedblright}"),
        ('`', "{\\textquoteleft}")
    );

    private static readonly Dictionary<char, string> Letters = Table(
        ('ß', "{\\ss}"),
        ('ø', "{\\o}"),
        ('Ø', "{\\O}"),
        ('æ', "{\\ae}"),
        ('Æ', "{\\AE}"),
        ('œ', "{\\oe}"),
        ('Œ', "{\\OE}"),
        ('ł', "{\\l}"),
        ('Ł', "{\\L}"),
        ('ı', "{\\i}"),
        ('å', "{\\aa}"),
        ('Å', "{\\AA}"),
        ('–', "{--}"),
        ('—', "{---}"),
        ('‘', "{\\textquoteleft}"),
        ('’', "{\\textquoteright}"),
        ('“', "{\\textquotedblleft}"),
        ('”', "{\\textquotedblright}"),
        ('…', "{\\ldots}"),
        ('\u00a0', "~"),
        ('†', "{\\textdagger}"),
        ('‡', "{\\textdaggerdbl}"),
        ('±', "$\\pm$"),
        ('×', "$\\times$"),
        ('·', "$\\cdot$"),
        ('≤', "$\\leq$"),
        ('≥', "$\\geq$"),
        ('∞', "$\\infty$"),
        ('−', "$-$"),
        ('°', "$^{\\circ}$"),
        ('²', "$^{2}$"),
        ('³', "$^{3}$"),
        ('µ', "$\\mu$"),
        ('μ', "$\\mu$"),
        ('Δ', "$\\Delta$"),
        ('ε', "$\\varepsilon$"),
        ('σ', "$\\sigma$"),
        ('ρ', "$\\rho$"),
        ('λ', "$\\lambda$"),
        ('→', "$\\rightarrow$"),
        ('ℓ', "$\\ell$"),
        ('€', "{\\texteuro}"),
        ('§', "{\\S}"),
        ('©', "{\\copyright}")
    );

    // Runtimes without ICU take no letters apart.
    private static readonly (char Accent, string Letters, string Accented)[] Accents =
    [
        ('`', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
        ('\'', "aeiouyAEIOUYcnszlrCNSZLR", "áéíóúýÁÉÍÓÚÝćńśźĺŕĆŃŚŹĹŔ"),
        ('^', "aeiouAEIOUcghjswyCGHJSWY", "âêîôûÂÊÎÔÛĉĝĥĵŝŵŷĈĜĤĴŜŴŶ"),
        ('~', "anoiuANOIU", "ãñõĩũÃÑÕĨŨ"),
        ('"', "aeiouyAEIOUY", "äëïöüÿÄËÏÖÜŸ"),
        ('=', "aeiouAEIOU", "āēīōūĀĒĪŌŪ"),
        ('.', "cegzCEGZI", "ċėġżĊĖĠŻİ"),
        ('u', "aegiouAEGIOU", "ăĕğĭŏŭĂĔĞĬŎŬ"),
        ('v', "cdenrstzCDENRSTZ", "čďěňřšťžČĎĚŇŘŠŤŽ"),
        ('H', "ouOU", "őűŐŰ"),
        ('c', "cstgklnrCSTGKLNR", "çşţģķļņŗÇŞŢĢĶĻŅŖ"),
        ('k', "aeiuAEIU", "ąęįųĄĘĮŲ"),
        ('r', "uU", "ůŮ"),
    ];

    // Commands of letters, such as \ss, and what they set.
    private static readonly Dictionary<string, char> Commands = Letters
        .Concat(Special)
        .Select(p => (Name: p.Value.Trim('{', '}', '$'), p.Key))
        .Where(c => c.Name.Length > 1 && c.Name[0] == '\\' && c.Name.AsSpan(1).IndexOfAnyExceptInRange('A', 'z') < 0)
        .DistinctBy(c => c.Name)
        .ToDictionary(c => c.Name, c => c.Key, StringComparer.Ordinal);

    /// <summary>Plain text as LaTeX that sets the same characters. What LaTeX has no name for is set as its code point, such as
    /// <c>[U+4E2D]</c>.</summary>
    public static string Escape(string text) => Encode(GuestText.EscapeLines(text), escapeSpecial: true);

    /// <summary>LaTeX with its characters beyond ASCII as commands; what is a command stays one.</summary>
    public static string ToAscii(string latex) => Encode(latex, escapeSpecial: false);

    /// <summary>LaTeX as entries of bibliographies hold it, such as <c>B{\"o}ck</c>, as plain text: accents and letters are set, other
    /// commands and braces left out.</summary>
    public static string ToPlain(string latex)
    {
        var text = new StringBuilder();
        bool isMath = false;
        for (int i = 0; i < latex.Length; i++)
        {
            if (latex[i] == '$')
                isMath = !isMath;
            else if (latex[i] is '{' or '}')
                continue;
            else if (isMath && latex[i] == '-')
                text.Append('\u2212');
            else if (latex[i] == '~')
                text.Append(' ');
            else if (latex.AsSpan(i).StartsWith("---"))
                (_, i) = (text.Append('—'), i + 2);
            else if (latex.AsSpan(i).StartsWith("--"))
                (_, i) = (text.Append('–'), i + 1);
            else if (latex[i] != '\\')
                text.Append(latex[i]);
            else
                i = Command(latex, i, text);
        }

        return text.ToString();
    }

    private static string Encode(string text, bool escapeSpecial)
    {
        var latex = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            char c = rune.IsBmp ? (char)rune.Value : '\0';
            if (c is >= ' ' and < '\u007f')
            {
                // Two of these would become a dash or a quotation mark.
                if (escapeSpecial && (c is '-' or '\'') && latex.Length > 0 && latex[^1] == c)
                    latex.Append("{}");
                if (escapeSpecial && Special.TryGetValue(c, out string? special))
                    latex.Append(special);
                else
                    latex.Append(c);
            }
            else if (c is '\n' or '\t' or '\r')
                latex.Append(' ');
            else if (Letters.TryGetValue(c, out string? letter))
                latex.Append(letter);
            else
                latex.Append(Accented(c) ?? FormattableString.Invariant($"[U+{rune.Value:X4}]"));
        }

        return latex.ToString();
    }

    private static Dictionary<char, string> Table(params (char Character, string Latex)[] rows) =>
        rows.ToDictionary(r => r.Character, r => r.Latex);

    private static string? Accented(char c)
    {
        foreach ((char accent, string letters, string accented) in Accents)
        {
            if (accented.IndexOf(c, StringComparison.Ordinal) is not (>= 0 and var i))
                continue;
            // Only T1 has ogoneks; its fonts are everywhere.
            if (accent == 'k')
                return $"{{\\fontencoding{{T1}}\\selectfont\\k{{{letters[i]}}}}}";
            string under = letters[i] is 'i' or 'j' && accent != 'c' ? $"\\{letters[i]}" : letters[i].ToString();
            return char.IsAsciiLetter(accent) || under.Length > 1 ? $"{{\\{accent}{{{under}}}}}" : $"{{\\{accent}{under}}}";
        }

        return null;
    }

    // A command at the index; gives the index of its last character.
    private static int Command(string latex, int at, StringBuilder text)
    {
        int end = at + 1;
        while (end < latex.Length && char.IsAsciiLetter(latex[end]))
            end++;
        if (end == at + 1)
            end++;
        string name = latex[at..Math.Min(end, latex.Length)];
        (_, string letters, string accented) = name.Length == 2 ? Array.Find(Accents, a => a.Accent == name[1]) : default;
        if (letters is not null)
        {
            int next = end;
            while (next < latex.Length && latex[next] is '{' or ' ' or '\\')
                next++;
            if (next < latex.Length)
                text.Append(letters.IndexOf(latex[next], StringComparison.Ordinal) is >= 0 and var i ? accented[i] : latex[next]);
            return Math.Min(next, latex.Length - 1);
        }

        if (Commands.TryGetValue(name, out char letter))
            text.Append(letter);
        else if (name.Length == 2 && !char.IsAsciiLetter(name[1]))
            text.Append(name[1]);
        return end < latex.Length && latex[end] == ' ' && name.Length > 2 ? end : end - 1;
    }
}
