using System.Globalization;
using System.Text;
using MathNet.Numerics.Statistics;
using MerBench.Analysis.Queries;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Statistics;

namespace MerBench.Reports.Html.Data;

/// <summary>Errors of a run's cells and conditions, their mean over emotions and each emotion alone, summed up in the database: a large run
/// has millions of clips.</summary>
/// <param name="Cells">A row a cell and emotion, in the order of the benchmark.</param>
/// <param name="Conditions">A row a model, perturbation, strength and emotion, in the order of the benchmark.</param>
internal sealed record RunErrors(IReadOnlyList<CellErrors> Cells, IReadOnlyList<ConditionEstimates> Conditions)
{
    private static readonly string[] Measures = ["clean", "perturbed", "harm"];

    public static RunErrors Compute(RunDatabase database, RunResults results)
    {
        IReadOnlyList<string> emotions = results.Dataset.Emotions;
        Dictionary<(string, string, string), int> places = results
            .Summary.Select((s, place) => (Key: (s.Model, s.Perturbation, s.Strength), place))
            .ToDictionary(s => s.Key, s => s.place);
        string[] all = [PageData.AllEmotions, .. emotions];
        string errors = Errors(emotions);
        string each(string function) =>
            string.Join(
                ", ",
                all.SelectMany((_, e) => Measures.Select(m => string.Format(CultureInfo.InvariantCulture, function, $"{m}{e}")))
            );
        QueryResult cells = database.Query(
            $"WITH errors AS ({errors}) SELECT model, perturbation, strength, seed, count(*), {each("avg({0}), sum({0} * {0})")}, "
                + $"{string.Join(", ", all.Select((_, e) => $"avg(moved{e})"))} FROM errors GROUP BY model, perturbation, strength, seed"
        );
        QueryResult clips = database.Query(
            $"""
            WITH errors AS ({errors}), clip_means AS (SELECT model, perturbation, strength, clip, {each(
                "avg({0}) AS {0}"
            )} FROM errors GROUP BY model, perturbation, strength, clip)
            SELECT model, perturbation, strength, {each("var_samp({0})")} FROM clip_means GROUP BY model, perturbation, strength
            """
        );
        var variances = clips.Rows.ToDictionary(
            r => ((string)r[0]!, (string)r[1]!, (string)r[2]!),
            r => r.Skip(3).Select(Number).ToArray()
        );
        var byCondition = cells
            .Rows.GroupBy(r => (Model: (string)r[0]!, Perturbation: (string)r[1]!, Strength: (string)r[2]!))
            .OrderBy(g => places[g.Key])
            .ToList();
        // Another dataset may rate fewer emotions.
        return new RunErrors(
            [
                .. byCondition
                    .SelectMany(condition => condition.OrderBy(r => r[3]))
                    .SelectMany(r =>
                        all.Select(
                            (emotion, e) =>
                                new CellErrors(
                                    (string)r[0]!,
                                    (string)r[1]!,
                                    (string)r[2]!,
                                    Convert.ToInt32(r[3], CultureInfo.InvariantCulture),
                                    emotion,
                                    new PairedError(Mean(r, e, 0), Mean(r, e, 1)),
                                    Number(r[^(all.Length - e)])
                                )
                        )
                    )
                    .Where(c => !double.IsNaN(c.Error.Clean)),
            ],
            [
                .. byCondition
                    .SelectMany(condition =>
                        all.Select(
                            (emotion, e) =>
                            {
                                IReadOnlyList<IReadOnlyList<object?>> rows = [.. condition];
                                double[] variance = variances[condition.Key];
                                return new ConditionEstimates(
                                    condition.Key.Model,
                                    condition.Key.Perturbation,
                                    condition.Key.Strength,
                                    emotion,
                                    Estimate.Compute(rows, e, 0, variance),
                                    Estimate.Compute(rows, e, 1, variance),
                                    Estimate.Compute(rows, e, 2, variance)
                                );
                            }
                        )
                    )
                    .Where(c => !double.IsNaN(c.Clean.Mean)),
            ]
        );
    }

    /// <summary>Each perturbation at the strength that does most harm, over models and seeds.</summary>
    public IReadOnlyList<Condition> StrongestOfEach() =>
        [
            .. Cells
                .Where(c => c.Emotion == PageData.AllEmotions)
                .GroupBy(c => c.Perturbation, StringComparer.Ordinal)
                .Select(perturbation =>
                    perturbation
                        .GroupBy(c => c.Strength, StringComparer.Ordinal)
                        .Select(s => new Condition(perturbation.Key, s.Key, s.Average(c => c.Error.Harm)))
                        .MaxBy(c => c.Harm)!
                ),
        ];

    // A column a measure and emotion; the first is the mean over emotions.
    private static string Errors(IReadOnlyList<string> emotions)
    {
        var sql = new StringBuilder("SELECT model, perturbation, strength, seed, clip");
        void Add(int e, string clean, string perturbed, string moved) =>
            sql.Append(
                CultureInfo.InvariantCulture,
                $", {clean} AS clean{e}, {perturbed} AS perturbed{e}, {ClipError.HarmSql($"clean{e}", $"perturbed{e}")} AS harm{e}, "
                    + $"{moved} AS moved{e}"
            );
        Add(
            0,
            ClipError.MeasureSql(emotions, "clean"),
            ClipError.MeasureSql(emotions, "perturbed"),
            ClipError.MeanDifferenceSql(emotions, "clean", "perturbed")
        );
        for (int e = 0; e < emotions.Count; e++)
        {
            Add(
                e + 1,
                ClipError.DifferenceSql(emotions[e], "rating", "clean"),
                ClipError.DifferenceSql(emotions[e], "rating", "perturbed"),
                ClipError.DifferenceSql(emotions[e], "clean", "perturbed")
            );
        }

        return sql.Append(" FROM clips").ToString();
    }

    private static double Mean(IReadOnlyList<object?> row, int emotion, int measure) => Number(row[Place(emotion, measure)]);

    // After model, perturbation, strength, seed and count.
    private static int Place(int emotion, int measure) => 5 + (2 * ((emotion * Measures.Length) + measure));

    private static double Number(object? value) => value is null ? double.NaN : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>A mean over seeds and clips with its interval of 95 %, by the mean squares of <see cref="CrossedTTest"/>.</summary>
    internal sealed record Estimate(double Mean, double Low, double High)
    {
        /// <param name="seeds">The condition's rows, one a seed.</param>
        /// <param name="clipVariances">Variances of the clips' means over seeds, a measure and emotion.</param>
        internal static Estimate Compute(IReadOnlyList<IReadOnlyList<object?>> seeds, int emotion, int measure, double[] clipVariances)
        {
            double[] means = [.. seeds.Select(s => RunErrors.Mean(s, emotion, measure))];
            double mean = means.Average();
            int clips = Convert.ToInt32(seeds[0][4], CultureInfo.InvariantCulture);
            // Sums of squares hold for seeds that were tested on the same clips, which those of a run are.
            double clipSquare = seeds.Count * clipVariances[(emotion * Measures.Length) + measure],
                seedSquare = seeds.Count > 1 ? clips * means.Variance() : 0;
            double total = seeds.Sum(s => Number(s[Place(emotion, measure) + 1])) - ((double)clips * seeds.Count * mean * mean);
            double error =
                Math.Max(0, total - (seedSquare * (seeds.Count - 1)) - (clipSquare * (clips - 1)))
                / Math.Max(1, (seeds.Count - 1.0) * (clips - 1));
            if (clips < 2)
                return new Estimate(mean, double.NaN, double.NaN);
            Interval interval = CrossedTTest.Compute(mean, seeds.Count, clips, seedSquare, clipSquare, error).Interval();
            return new Estimate(mean, interval.Low, interval.High);
        }
    }
}

/// <summary>Mean absolute errors of one cell.</summary>
/// <param name="Emotion">One of the dataset's, or <see cref="PageData.AllEmotions"/> for the mean over them.</param>
/// <param name="Moved">Mean absolute change of the prediction.</param>
internal sealed record CellErrors(
    string Model,
    string Perturbation,
    string Strength,
    int Seed,
    string Emotion,
    PairedError Error,
    double Moved
);

/// <summary>Mean absolute errors of a model under a perturbation of one strength, over seeds and clips.</summary>
internal sealed record ConditionEstimates(
    string Model,
    string Perturbation,
    string Strength,
    string Emotion,
    RunErrors.Estimate Clean,
    RunErrors.Estimate Perturbed,
    RunErrors.Estimate Harm
);

/// <summary>A perturbation of one strength.</summary>
/// <param name="Harm">Its mean harm over models and seeds, in MAE.</param>
internal sealed record Condition(string Perturbation, string Strength, double Harm);
