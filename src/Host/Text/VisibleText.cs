using System.Globalization;
using System.Text;

namespace MerBench.Host.Text;

/// <summary>Text of strangers as it may stand in a line of output: what a terminal would obey, and what nobody sees, is escaped.</summary>
public static class VisibleText
{
    /// <summary>Most characters of a name that came out of a file.</summary>
    public const int MostOfName = 160;

    /// <summary>The text on one line; control and format characters, line separators and halves of characters as <c>\u001b</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">Characters after which it is cut, with the number of those left out.</param>
    public static string Escape(string text, int most = int.MaxValue)
    {
        int end = End(text, most);
        bool isVisible = end == text.Length && FirstHidden(text) < 0;
        if (isVisible)
            return text;
        var visible = new StringBuilder(end + 16);
        for (int i = 0; i < end; i++)
            if (!IsHidden(text, i))
                visible.Append(text[i]);
            else
                visible.Append(Escaped(text[i]));
        if (end < text.Length)
            visible.Append(CultureInfo.InvariantCulture, $"... ({text.Length - end} characters more)");
        return visible.ToString();
    }

    /// <summary>A name that came out of a file.</summary>
    public static string Name(string name) => Escape(name, MostOfName);

    /// <summary>Where the first character is that <see cref="Escape"/> escapes; -1 where there is none.</summary>
    public static int FirstHidden(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (IsHidden(text, i))
                return i;
        return -1;
    }

    // Characters in two halves are not cut apart.
    private static int End(string text, int most) =>
        text.Length <= most ? text.Length : most - (char.IsHighSurrogate(text[Math.Max(0, most - 1)]) ? 1 : 0);

    private static bool IsHidden(string text, int at) =>
        char.GetUnicodeCategory(text[at]) switch
        {
            UnicodeCategory.Control => true,
            UnicodeCategory.Format => true,
            UnicodeCategory.LineSeparator => true,
            UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.Surrogate => !IsHalfOfPair(text, at),
            _ => false,
        };

    private static bool IsHalfOfPair(string text, int at) =>
        char.IsHighSurrogate(text[at])
            ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            : at > 0 && char.IsHighSurrogate(text[at - 1]);

    private static string Escaped(char hidden) =>
        hidden switch
        {
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            _ => string.Create(CultureInfo.InvariantCulture, $@"\u{(int)hidden:x4}"),
        };
}
