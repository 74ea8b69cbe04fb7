using System.Globalization;

namespace MerBench.Host.Text;

/// <summary>Lists in sentences, cut with a count.</summary>
public static class ShortList
{
    private const int Shown = 5;

    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = " ", NumberDecimalDigits = 0 };

    /// <summary>The first few, and how many more there are: <c>a, b, c and 49 997 more</c>.</summary>
    /// <param name="items">Names that may come from strangers.</param>
    /// <param name="shown">How many stand in the text; one more than that is no reason to count.</param>
    public static string Write(IReadOnlyCollection<string> items, int shown = Shown)
    {
        int taken = items.Count <= shown + 1 ? items.Count : shown;
        string text = string.Join(", ", items.Take(taken).Select(GuestText.Name));
        return taken == items.Count ? text : $"{text} and {Count(items.Count - taken)} more";
    }

    /// <summary>A number that may be large, in groups of three digits.</summary>
    public static string Count(long number) => number.ToString("N0", Grouped);
}
