using System.Globalization;

namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>Collects the moments of clips, in any order, and makes curves of them.</summary>
internal sealed class Moments(bool withSd)
{
    // Files print times with three decimals at best.
    private const decimal Tolerance = 0.002m;
    private const int Decimals = 3;

    private readonly Dictionary<string, SortedDictionary<decimal, Moment>> _clips = new(StringComparer.Ordinal);

    /// <summary>The moment that is there already, or null and the new one is taken in.</summary>
    public Moment? Add(string id, Moment moment)
    {
        if (!_clips.TryGetValue(id, out SortedDictionary<decimal, Moment>? moments))
            _clips[id] = moments = [];
        return moments.TryAdd(moment.Seconds, moment) ? null : moments[moment.Seconds];
    }

    public Moment? Find(string id, decimal seconds) => _clips.GetValueOrDefault(id)?.GetValueOrDefault(seconds);

    /// <summary>All clips that stand in the files, each with its curve, or with none where nothing of it is rated.</summary>
    public IReadOnlyDictionary<string, RatedClip> Curves(ProblemList problems)
    {
        var clips = _clips.ToDictionary(c => c.Key, c => RatedPart([.. c.Value.Values]), StringComparer.Ordinal);
        decimal[] gaps = [.. clips.Values.SelectMany(Gaps)];
        if (gaps.Length == 0)
        {
            problems.Add("no clip is rated at two moments; a curve needs more than one.");
            return new Dictionary<string, RatedClip>();
        }

        decimal usual = gaps.GroupBy(gap => Math.Round(gap, Decimals)).MaxBy(g => g.Count())!.Key;
        foreach (var (id, moments) in clips)
            CheckSpacing(id, moments, usual, problems);
        // Rounded times hide what the hop is exactly; the longest curve tells best.
        Moment[] longest = clips.Values.Where(c => Gaps(c).All(gap => IsUsual(gap, usual))).MaxBy(c => c.Length) ?? [];
        decimal hop = longest.Length > 1 ? (longest[^1].Seconds - longest[0].Seconds) / (longest.Length - 1) : usual;
        return clips.ToDictionary(
            c => c.Key,
            c => new RatedClip(_clips[c.Key].Values.MinBy(m => m.Row.Number)!.Row, Curve(c.Value, (double)hop)),
            StringComparer.Ordinal
        );
    }

    private static Moment[] RatedPart(Moment[] moments)
    {
        int first = Array.FindIndex(moments, m => m.IsRated),
            last = Array.FindLastIndex(moments, m => m.IsRated);
        return first < 0 ? [] : moments[first..(last + 1)];
    }

    private static IEnumerable<decimal> Gaps(Moment[] moments) =>
        moments.Skip(1).Zip(moments, (next, before) => next.Seconds - before.Seconds);

    private static bool IsUsual(decimal gap, decimal usual) => Math.Abs(gap - usual) <= Tolerance;

    // The first is enough: the others of the clip mostly follow from it.
    private static void CheckSpacing(string id, Moment[] moments, decimal usual, ProblemList problems)
    {
        for (int i = 1; i < moments.Length; i++)
        {
            decimal gap = moments[i].Seconds - moments[i - 1].Seconds;
            if (IsUsual(gap, usual))
                continue;
            problems.Add(
                moments[i].Row,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"clip '{id}' is rated at {Text(moments[i].Seconds)} s, {Text(gap)} s after the moment before, but moments are "
                        + $"{Text(usual)} s apart elsewhere; give every moment of every clip, and leave its cells blank where nobody rated."
                )
            );
            return;
        }
    }

    private static string Text(decimal seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);

    private RatedCurve? Curve(Moment[] moments, double hop) =>
        moments.Length == 0
            ? null
            : new RatedCurve((double)moments[0].Seconds, hop, [.. moments.Select(m => m.Ratings)])
            {
                Sd = withSd ? [.. moments.Select(m => m.Sd)] : null,
            };
}
