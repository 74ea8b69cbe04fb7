using System.Text.Json;

namespace MerBench.Host.Reports.Html;

/// <summary>Which rows of a page's data a chart or table shows, besides what the page's filters say.</summary>
/// <param name="Source">Name of the <see cref="PageData"/>.</param>
public sealed record PageView(string Source)
{
    /// <summary>Values that columns must have; null asks for any value at all.</summary>
    public IReadOnlyDictionary<string, object?> Where { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Of the rows that agree in these columns only the one with the largest <see cref="Largest"/> is kept; empty keeps all.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>See <see cref="OneOf"/>.</summary>
    public string? Largest { get; init; }

    /// <summary>A column of which one value is shown at a time, chosen beside the chart; null for none.</summary>
    public string? Choice { get; init; }

    /// <summary>What the choice shows first: rows where this column of truth values is true. Null shows the first value.</summary>
    public string? ChoiceFlag { get; init; }

    /// <summary>The name of that first choice, such as <c>strongest of each</c>.</summary>
    public string? ChoiceFlagLabel { get; init; }

    internal string Json() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
