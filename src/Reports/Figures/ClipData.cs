using System.Globalization;
using MerBench.Analysis.Queries;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;

namespace MerBench.Reports.Figures;

/// <summary>What figures show of single clips, asked of a run's tables.</summary>
/// <param name="emotions">In the dataset's order.</param>
internal sealed class ClipData(RunDatabase database, IReadOnlyList<string> emotions)
{
    /// <summary>Each model's harm in MAE, a number a seed.</summary>
    public IReadOnlyList<(string System, IReadOnlyList<double> Harms)> Harms(ConditionStatistics condition)
    {
        ILookup<string, double> found = database
            .Query(
                $"""
                SELECT model, {ClipError.HarmSql("avg(clean)", "avg(perturbed)")} FROM errors WHERE {Describe(
                    condition
                )} GROUP BY model, seed ORDER BY seed
                """
            )
            .Rows.Where(r => r[1] is double)
            .ToLookup(r => (string)r[0]!, r => (double)r[1]!, StringComparer.Ordinal);
        return
        [
            .. condition.Harms.Where(h => found.Contains(h.System)).Select(h => (h.System, (IReadOnlyList<double>)[.. found[h.System]])),
        ];
    }

    /// <summary>The clips of each model's first seed.</summary>
    public IReadOnlyList<ClipLog> FirstSeeds(ConditionStatistics condition)
    {
        var models = database
            .Query(
                $"""
                SELECT model, seed, clip, emotion, rating, clean, perturbed FROM predictions WHERE {Describe(
                    condition
                )} QUALIFY seed = min(seed) OVER (PARTITION BY model)
                """
            )
            .Rows.GroupBy(r => (string)r[0]!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        return [.. condition.Harms.Where(h => models.ContainsKey(h.System)).Select(h => Log(h.System, models[h.System]))];
    }

    private ClipLog Log(string model, List<IReadOnlyList<object?>> rows)
    {
        var clips = rows.GroupBy(r => (string)r[2]!, StringComparer.Ordinal)
            .Select(clip =>
            {
                Dictionary<string, IReadOnlyList<object?>> byEmotion = clip.ToDictionary(r => (string)r[3]!, StringComparer.Ordinal);
                double[] Numbers(int column) =>
                    [
                        .. emotions
                            .Where(byEmotion.ContainsKey)
                            .Select(e => Convert.ToDouble(byEmotion[e][column], CultureInfo.InvariantCulture)),
                    ];
                return new ClipRow(clip.Key, Numbers(4), Numbers(5), Numbers(6));
            });
        // Another dataset may rate fewer.
        HashSet<string> rated = [.. rows.Select(r => (string)r[3]!)];
        int seed = Convert.ToInt32(rows[0][1], CultureInfo.InvariantCulture);
        return new ClipLog(model, seed, "", [.. emotions.Where(rated.Contains)], [.. clips]);
    }

    private static string Describe(ConditionStatistics condition) =>
        $"perturbation = {DuckDb.Text(condition.Perturbation)} AND strength = {DuckDb.Text(condition.Strength)}";
}
