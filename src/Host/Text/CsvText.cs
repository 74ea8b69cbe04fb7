using System.Globalization;

namespace MerBench.Host.Text;

/// <summary>Text as a cell of a CSV file, which many open in a spreadsheet: it would take what begins with <c>=</c>, <c>+</c>, <c>-</c> or
/// <c>@</c> for a formula.</summary>
public static class CsvText
{
    private const string Beginnings = "=+-@";

    /// <summary>The text in one line; with an apostrophe in front, as spreadsheets have it, where it would be a formula.</summary>
    public static string Protect(string text)
    {
        string line = GuestText.Escape(text);
        bool isFormula =
            line.Length > 0
            && Beginnings.Contains(line[0], StringComparison.Ordinal)
            && !double.TryParse(line, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return isFormula ? $"'{line}" : line;
    }
}
