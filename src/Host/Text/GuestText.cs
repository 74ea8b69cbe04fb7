using System.Globalization;
using System.Text;

namespace MerBench.Host.Text;

/// <summary>
/// Text of others (names, messages and notes of plugins, names in files) as it may be shown: what a terminal or a page would obey is
/// written out, so that it neither hides text nor begins a line of its own; and a message has an end.
/// </summary>
public static class GuestText
{
    /// <summary>What stands for an empty message.</summary>
    public const string NoReason = "gave no reason";

    /// <summary>Characters that are shown of a message, of one in lines, and of a name.</summary>
    public const int MostOfMessage = 1000,
        MostOfLines = 20_000,
        MostOfName = 200;

    private static readonly char[] LineBreaks = ['\r', '\n'];

    private const char ZeroWidthNonJoiner = '\u200c',
        ZeroWidthJoiner = '\u200d';

    /// <summary>The text in one line: control characters, line breaks and marks that turn the direction of writing are written out, such
    /// as <c>\n</c> and <c>\u001b</c>.</summary>
    public static string Escape(string text) => Escape(text, keepsLines: false);

    /// <summary>The same, cut with a count.</summary>
    /// <param name="most">Characters that are kept.</param>
    public static string CutAndEscape(string text, int most) => Cut(text, most, keepsLines: false);

    /// <summary>Where the first character is that would be written out; -1 where there is none.</summary>
    public static int FirstHidden(string text)
    {
        for (int i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune) || !IsHarmless(rune))
                return i;
            i += rune.Utf16SequenceLength;
        }

        return -1;
    }

    /// <summary>The same with its line breaks.</summary>
    public static string EscapeLines(string text) => Escape(text, keepsLines: true);

    /// <summary>The beginning of a message, in one line; says how much was cut, and that a reason is missing where there is none.</summary>
    public static string Message(string? message) =>
        string.IsNullOrWhiteSpace(message) ? NoReason : Cut(message.Trim(), MostOfMessage, keepsLines: false);

    /// <summary>The beginning of a message with its line breaks.</summary>
    public static string Lines(string? message) =>
        string.IsNullOrWhiteSpace(message) ? NoReason : Cut(message, MostOfLines, keepsLines: true);

    /// <summary>A text in one line, with a space for each line break: lines of others could pass for lines of this program.</summary>
    public static string Flatten(string text) =>
        Escape(string.Join(' ', text.Split(LineBreaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));

    /// <summary>The beginning of a name, in one line.</summary>
    public static string Name(string name) => Cut(name, MostOfName, keepsLines: false);

    /// <summary>The message of an exception of any class, whose author may have got even that wrong; possibly empty.</summary>
    public static string ReadMessage(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception e)
        {
            return $"its message cannot be read, as that threw {e.GetType().Name}";
        }
    }

    private static string Cut(string text, int most, bool keepsLines)
    {
        if (text.Length <= most)
            return Escape(text, keepsLines);
        int kept = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        string more = string.Create(CultureInfo.InvariantCulture, $"... ({text.Length - kept:#,0} more characters)");
        return Escape(text[..kept], keepsLines) + more;
    }

    private static string Escape(string text, bool keepsLines)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        StringBuilder? escaped = null;
        for (int i = 0; i < text.Length; )
        {
            bool isWhole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int length = isWhole ? rune.Utf16SequenceLength : 1;
            bool isKept = isWhole && (IsHarmless(rune) || (keepsLines && rune.Value == '\n'));
            if (!isKept)
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
            if (isKept)
                escaped?.Append(text, i, length);
            else
                for (int c = 0; c < length; c++)
                    escaped!.Append(WriteOut(text[i + c]));
            i += length;
        }

        return escaped?.ToString() ?? text;
    }

    // U+FFFE and its like are no characters, and illegal in XML.
    private static bool IsHarmless(Rune rune) =>
        (rune.Value & 0xFFFE) != 0xFFFE
        && Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
            // Scripts and pictures need the joiners; the others hide text or turn its direction.
            UnicodeCategory.Format => rune.Value is ZeroWidthJoiner or ZeroWidthNonJoiner,
            _ => true,
        };

    private static string WriteOut(char c) =>
        c switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        };
}
