using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Drafts;

/// <summary>An emotion and the columns that tell of it.</summary>
/// <param name="Deviation">The column of the raters' standard deviation; null where there is none.</param>
internal sealed record RatedEmotion(string Name, int Column, string? Deviation);

/// <summary>Columns of numbers that are ratings of emotions, by their names; where none is known, all that look like ratings.</summary>
internal static partial class RatingColumns
{
    private static readonly HashSet<string> Known = new(
        [
            "valence",
            "arousal",
            "dominance",
            "energy",
            "tension",
            "anger",
            "angry",
            "fear",
            "fearful",
            "happy",
            "happiness",
            "sad",
            "sadness",
            "tender",
            "tenderness",
            "joy",
            "joyful",
            "calm",
            "calmness",
            "relaxed",
            "relaxing",
            "power",
            "nostalgia",
            "amazement",
            "solemnity",
            "surprise",
            "disgust",
            "peacefulness",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    // Numbers that tell of a clip and not of what is felt.
    private static readonly HashSet<string> Others = new(
        ["index", "number", "year", "duration", "seconds", "length", "start", "end", "fold", "count", "n", "tempo", "bpm"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly (double Low, double High)[] Scales = [(0, 1), (-1, 1), (1, 5), (1, 7), (1, 9), (0, 10), (0, 100)];

    public static IReadOnlyList<RatedEmotion> Find(RatingsTable table, int clipColumn)
    {
        int[] numeric = [.. Enumerable.Range(0, table.Columns.Count).Where(i => i != clipColumn && table.Cells(i).All(IsNumber))];
        int[] known = [.. numeric.Where(i => Known.Contains(NameOf(table.Columns[i])) && !IsDeviation(table.Columns[i]))];
        int[] chosen = known.Length > 0 ? known : [.. numeric.Where(i => MayBeRating(table.Columns[i]))];
        return
        [
            .. chosen
                .DistinctBy(i => NameOf(table.Columns[i]), StringComparer.OrdinalIgnoreCase)
                .Select(i => new RatedEmotion(NameOf(table.Columns[i]), i, FindDeviation(table, numeric, NameOf(table.Columns[i])))),
        ];
    }

    /// <summary>The smallest usual scale that holds all ratings.</summary>
    public static (double Low, double High) GuessScale(RatingsTable table, IEnumerable<RatedEmotion> emotions)
    {
        double[] ratings = [.. emotions.SelectMany(e => table.Cells(e.Column)).Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
        (double low, double high) = (ratings.Min(), ratings.Max());
        foreach ((double Low, double High) scale in Scales)
            if (low >= scale.Low && high <= scale.High)
                return scale;
        return (Math.Floor(low), Math.Ceiling(high));
    }

    private static string? FindDeviation(RatingsTable table, int[] numeric, string emotion) =>
        numeric
            .Select(i => table.Columns[i])
            .FirstOrDefault(c => IsDeviation(c) && NameOf(c).Equals(emotion, StringComparison.OrdinalIgnoreCase));

    private static bool MayBeRating(string column) =>
        column.Length > 0
        && !IsDeviation(column)
        && !Others.Contains(column)
        && !column.Equals("id", StringComparison.OrdinalIgnoreCase)
        && !column.EndsWith("_id", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(string column) => Statistic().Replace(column, "").Trim('_', '-', ' ', '.');

    private static bool IsDeviation(string column) => Statistic().Match(column).Value.Contains('d', StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);

    // A mean or a standard deviation before or behind a name: valence_mean, Arousal(mean), std_valence.
    [GeneratedRegex(
        @"^(mean|avg|std|sd)[_\-. ]|[_\-. ]?\(?\b(mean|avg|std|sd|std_dev)\)?$|[_\-. ](mean|avg|std|sd)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Statistic();
}
