using System.Globalization;

namespace MerBench.Host.Results.Tables;

/// <summary>One row of a file by column. Cells are text, as CSV files have them, or numbers and truth values, as Parquet files
/// do.</summary>
/// <param name="line">The row's line in a CSV file, from 1 and with the header; its number in a Parquet file, from 1.</param>
/// <param name="value">A cell's value by column; null where there is none.</param>
internal sealed class TableRow(string path, int line, Func<string, object?> value)
{
    public int Line => line;

    public string this[string column] => value(column) is { } cell ? Convert.ToString(cell, CultureInfo.InvariantCulture)!.Trim() : "";

    public bool Has(string column) => this[column].Length > 0;

    public double Number(string column) => TryNumber(column) ?? throw Error($"'{column}' is '{this[column]}'; expected a number");

    /// <summary>A cell's number; null where it holds something else.</summary>
    public double? TryNumber(string column) =>
        value(column) switch
        {
            double number => number,
            float number => number,
            _ when double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => null,
        };

    public double FiniteNumber(string column)
    {
        double number = Number(column);
        return double.IsFinite(number) ? number : throw Error($"'{column}' is '{this[column]}'; expected a finite number");
    }

    public double? NumberOrNone(string column) => Has(column) ? Number(column) : null;

    public int Whole(string column) =>
        int.TryParse(this[column], NumberStyles.Integer, CultureInfo.InvariantCulture, out int whole)
            ? whole
            : throw Error($"'{column}' is '{this[column]}'; expected a whole number");

    public bool Truth(string column) =>
        bool.TryParse(this[column], out bool truth) ? truth : throw Error($"'{column}' is '{this[column]}'; expected True or False");

    public bool? TruthOrNone(string column) => Has(column) ? Truth(column) : null;

    public string Text(string column) => Has(column) ? this[column] : throw Error($"'{column}' is empty");

    public UserErrorException Error(string problem) => new(FormattableString.Invariant($"{path}:{line}:1: {problem}"));
}
