using System.Globalization;

namespace MerBench.Host.Data;

/// <summary>Checks the ratings over time that a dataset plugin handed back.</summary>
internal static class CurveValidation
{
    // Ratings are float32 while scales are double.
    private const double ScaleTolerance = 1e-4;
    private const double HopTolerance = 1e-6;

    /// <summary>Adds what is wrong.</summary>
    public static void Check(DatasetContent content, ProblemList problems)
    {
        double? hop = content.Clips.Select(c => c.EmotionCurve?.HopSeconds).FirstOrDefault(h => h is not null);
        if (hop is null)
            return;
        foreach (Clip clip in content.Clips)
        {
            if (clip.EmotionCurve is not { } curve)
                problems.Add(clip, "it has no ratings over time, and others have; all clips need them, or none may have them.");
            else
                Check(clip, curve, hop.Value, content.Emotions, problems);
        }
    }

    private static void Check(Clip clip, RatedCurve curve, double hop, LabelSpace emotions, ProblemList problems)
    {
        if (!(curve.HopSeconds > 0) || !(curve.StartSeconds >= 0) || !double.IsFinite(curve.StartSeconds))
            Add($"its ratings over time begin at {curve.StartSeconds} s, {curve.HopSeconds} s apart; they must begin at 0 s or later.");
        else if (Math.Abs(curve.HopSeconds - hop) > HopTolerance)
            Add($"its ratings over time are {curve.HopSeconds} s apart where others are {hop} s; all clips need the same.");
        if (curve.Ratings.Count == 0)
            Add($"its ratings over time hold no moment; leave the clip out.");
        double tolerance = ScaleTolerance * (emotions.Maximum - emotions.Minimum);
        CheckFrames("ratings over time", curve.Ratings, emotions.Minimum - tolerance, emotions.Maximum + tolerance);
        if (curve.Sd is { } sd)
        {
            CheckFrames("standard deviations over time", sd, 0, float.MaxValue);
            if (sd.Count != curve.Ratings.Count)
                Add($"it has standard deviations at {sd.Count} moments and ratings at {curve.Ratings.Count}.");
        }

        void CheckFrames(string what, IReadOnlyList<float[]> frames, double least, double most)
        {
            for (int i = 0; i < frames.Count; i++)
            {
                double seconds = curve.StartSeconds + (i * curve.HopSeconds);
                if (frames[i] is null || frames[i].Length != emotions.Count)
                {
                    Add($"its {what} have {frames[i]?.Length ?? 0} numbers at {seconds:0.###} s, and there are {emotions.Count} emotions.");
                    return;
                }

                int wrong = Array.FindIndex(frames[i], r => !float.IsNaN(r) && !(r >= least && r <= most));
                if (wrong < 0)
                    continue;
                Add($"{frames[i][wrong]} stands in its {what} of {emotions.Names[wrong]} at {seconds:0.###} s, outside of the scale.");
                return;
            }
        }

        void Add(FormattableString problem) => problems.Add(clip, problem.ToString(CultureInfo.InvariantCulture));
    }
}
