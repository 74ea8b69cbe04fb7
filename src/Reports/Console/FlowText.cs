using MerBench.Host.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MerBench.Reports.Console;

/// <summary>
/// Text that breaks at spaces alone: words, and so paths and numbers, stay whole even where they are longer than a line. Ends with a line
/// break.
/// </summary>
/// <param name="indent">Columns before the first line.</param>
/// <param name="hanging">Columns before those that follow; at most half of a terminal.</param>
public sealed class FlowText(int indent, int hanging) : Renderable
{
    private readonly List<(string Text, Style Style, bool IsWhole)> _parts = [];

    /// <summary>
    /// Adds text, of which nothing acts on the terminal. It continues the last word unless one of the two has a space there.
    /// </summary>
    /// <param name="isWhole">True to break at none of its spaces.</param>
    public FlowText Add(string text, Style? style = null, bool isWhole = false)
    {
        _parts.Add((GuestText.EscapeLines(text), style ?? Style.Plain, isWhole));
        return this;
    }

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        int margin = Math.Min(hanging, maxWidth / 2),
            column = indent;
        if (indent > 0)
            yield return Segment.Padding(indent);
        bool isStart = true;
        foreach ((IReadOnlyList<Segment> word, int spaces, bool breaks) in Words())
        {
            int width = Segment.CellCount(word);
            if (breaks || (!isStart && column + spaces + width > maxWidth))
            {
                yield return Segment.LineBreak;
                if (margin > 0)
                    yield return Segment.Padding(margin);
                column = margin;
            }
            else if (spaces > 0)
            {
                yield return Segment.Padding(spaces);
                column += spaces;
            }

            foreach (Segment segment in word)
                yield return segment;
            column += width;
            isStart = false;
        }

        yield return Segment.LineBreak;
    }

    // A word is what stands between spaces, over all parts; with the spaces, or the line break, before it.
    private IEnumerable<(IReadOnlyList<Segment> Word, int Spaces, bool Breaks)> Words()
    {
        var word = new List<Segment>();
        int spaces = 0;
        bool breaks = false;
        foreach ((string text, Style style, bool isWhole) in _parts)
        {
            for (int start = 0; start < text.Length; )
            {
                int end = !isWhole && text.AsSpan(start).IndexOfAny(' ', '\n') is var found and >= 0 ? start + found : text.Length;
                if (end > start)
                    word.Add(new Segment(text[start..end], style));
                if (end == text.Length)
                    break;
                if (word.Count > 0)
                {
                    yield return (word, spaces, breaks);
                    (word, spaces, breaks) = ([], 0, false);
                }

                if (text[end] == '\n')
                    (spaces, breaks) = (0, true);
                else
                    spaces++;
                start = end + 1;
            }
        }

        if (word.Count > 0)
            yield return (word, spaces, breaks);
    }
}
