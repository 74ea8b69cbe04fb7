using MerBench.Host.Results.Tables;

namespace MerBench.Host.Results;

/// <summary>
/// The error of a prediction for a clip, and what harm is: defined here, for programs and as expressions of SQL over the table
/// <c>clips</c>. A prediction's error is its mean absolute difference from the rating, over emotions.
/// </summary>
public static class ClipError
{
    /// <summary>The error of a prediction.</summary>
    public static double Measure(double[] rating, double[] prediction) => MeanDifference(rating, prediction);

    /// <inheritdoc cref="Measure(double[], double[])"/>
    public static double Measure(float[] rating, float[] prediction) => rating.Zip(prediction, (r, p) => Difference(r, p)).Average();

    /// <summary>The absolute difference of two predictions, or of one and a rating, mean over labels.</summary>
    public static double MeanDifference(double[] first, double[] second) => first.Zip(second, Difference).Average();

    /// <summary>The same of one label.</summary>
    public static double Difference(double first, double second) => Math.Abs(first - second);

    /// <summary>How much worse a prediction has become; above 0 is worse.</summary>
    public static double Harm(double clean, double perturbed) => perturbed - clean;

    /// <param name="side"><c>clean</c> or <c>perturbed</c>.</param>
    internal static string MeasureSql(IReadOnlyList<string> emotions, string side) => MeanDifferenceSql(emotions, "rating", side);

    /// <summary>The error of predictions clipped to the rating scale, whose ends stand in the table <c>runs</c>; NULL for runs of versions
    /// that did not write them.</summary>
    internal static string MeasureClippedSql(IReadOnlyList<string> emotions, string side) =>
        $"CASE WHEN minimum IS NOT NULL THEN "
        + $"{MeanSql(emotions, e => DifferenceSql(Column("rating", e), $"least(greatest({Column(side, e)}, minimum), maximum)"))} END";

    internal static string MeanDifferenceSql(IReadOnlyList<string> emotions, string first, string second) =>
        MeanSql(emotions, e => DifferenceSql(e, first, second));

    /// <summary>The difference of one emotion.</summary>
    internal static string DifferenceSql(string emotion, string first, string second) =>
        DifferenceSql(Column(first, emotion), Column(second, emotion));

    internal static string HarmSql(string clean, string perturbed) => $"{perturbed} - {clean}";

    private static string DifferenceSql(string first, string second) => $"abs({first} - {second})";

    // The average leaves out what is NULL: emotions of another run's dataset.
    private static string MeanSql(IReadOnlyList<string> emotions, Func<string, string> difference) =>
        $"list_avg([{string.Join(", ", emotions.Select(difference))}])";

    private static string Column(string prefix, string emotion) => $"{DuckDb.Name($"{prefix}.{emotion}")}::DOUBLE";
}

/// <summary>Errors of a clip's two predictions, or means of them.</summary>
public readonly record struct PairedError(double Clean, double Perturbed)
{
    /// <summary>How much worse the perturbed prediction is.</summary>
    public double Harm => ClipError.Harm(Clean, Perturbed);
}
