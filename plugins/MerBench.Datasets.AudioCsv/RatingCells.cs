using System.Globalization;

namespace MerBench.Datasets.AudioCsv;

/// <summary>How cells become ratings on a scale.</summary>
internal sealed class RatingCells(RatingScale scale)
{
    // Averages are printed with rounding.
    private const double Tolerance = 1e-9;

    /// <summary>What is wrong with a cell, to follow its name; null where it is a rating on the scale.</summary>
    public string? ProblemWith(string cell, out double rating)
    {
        rating = 0;
        if (cell.Length == 0)
            return "is missing.";
        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out rating))
            return $"is '{cell}', which is not a number{(cell.Contains(',', StringComparison.Ordinal) ? " (write a decimal point)" : "")}.";
        if (!double.IsFinite(rating))
            return $"is '{cell}'; a rating must be a finite number.";
        double slack = Tolerance * (scale.Max - scale.Min);
        return rating < scale.Min - slack || rating > scale.Max + slack
            ? string.Create(CultureInfo.InvariantCulture, $"is {cell}, outside of the scale {scale.Min} to {scale.Max}.")
            : null;
    }

    /// <summary>What is wrong with a cell of a standard deviation; null where it is one.</summary>
    public static string? ProblemWithSd(string cell, out double sd) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out sd) && double.IsFinite(sd) && sd >= 0
            ? null
            : $"is '{cell}'; a standard deviation is a number of at least 0.";

    /// <summary>Whether nobody rated: the cell is blank, or NaN as some programs write a gap.</summary>
    public static bool IsGap(string cell) => cell.Length == 0 || cell.Equals("nan", StringComparison.OrdinalIgnoreCase);
}
