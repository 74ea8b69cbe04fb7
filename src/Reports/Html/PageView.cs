using System.Text.Json;

namespace MerBench.Reports.Html;

/// <summary>Which rows of a page's data a chart or table shows, besides what the page's filters say.</summary>
/// <param name="Source">Name of the <see cref="PageData"/>.</param>
public sealed record PageView(string Source)
{
    /// <summary>Values that columns must have; null asks for any value at all.</summary>
    public IReadOnlyDictionary<string, object?> Where { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Of the rows that agree in these columns only the one with the largest <see cref="Largest"/> is kept; empty keeps
    /// all.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>See <see cref="OneOf"/>.</summary>
    public string? Largest { get; init; }

    /// <summary>Shows single emotions beside each other where all are chosen, and not their mean.</summary>
    public bool EachEmotion { get; init; }

    /// <summary>A column of which one value is shown at a time, chosen beside the chart; null for none.</summary>
    public PageChoice? Choice { get; init; }

    /// <summary>Rows where a column has a value.</summary>
    public static PageView With(string source, string column, object? value) =>
        new(source) { Where = new Dictionary<string, object?>(StringComparer.Ordinal) { [column] = value } };

    internal string Json() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}

/// <summary>A choice of one value of a column.</summary>
/// <param name="Field">The column.</param>
/// <param name="Label">What is chosen, such as <c>Perturbation</c>.</param>
public sealed record PageChoice(string Field, string Label)
{
    /// <summary>A column of truth values: the choice offers the rows where it is true first, whatever their value. Null for none.</summary>
    public string? Flag { get; init; }

    /// <summary>The name of that first choice, such as <c>strongest of each</c>.</summary>
    public string? FlagLabel { get; init; }
}
