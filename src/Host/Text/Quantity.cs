using System.Globalization;

namespace MerBench.Host.Text;

/// <summary>Counted things in sentences.</summary>
public static class Quantity
{
    /// <summary><c>1 cell</c>, <c>2 cells</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called; its plural takes an s.</param>
    public static string Write(int count, string one) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");
}
