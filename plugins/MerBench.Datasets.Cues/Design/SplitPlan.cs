using System.Globalization;

namespace MerBench.Datasets.Cues.Design;

/// <summary>
/// Divides clips into splits by systematic sampling: clips are ordered by melody, mode and timbre, and every n-th is taken, so each split
/// holds each
/// combination in its share. No random number is involved.
/// </summary>
internal static class SplitPlan
{
    public static Split[] Assign(IReadOnlyList<Cue> cues, double validationShare, double testShare)
    {
        if (validationShare + testShare > 0.95)
        {
            throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Dataset 'cues': validation-share {validationShare} and test-share {testShare} leave no clips to train on. Let them "
                        + $"sum to 0.95 at most."
                )
            );
        }

        int tests = Count(cues.Count, testShare),
            validations = Count(cues.Count, validationShare);
        if (tests + validations >= cues.Count)
            throw new PluginUserException(
                $"Dataset 'cues': {cues.Count} clips are too few for {validations} validation and {tests} test clips. Raise 'clips'."
            );

        List<int> order =
        [
            .. Enumerable
                .Range(0, cues.Count)
                .OrderBy(i => cues[i].Melody)
                .ThenBy(i => cues[i].Minor)
                .ThenBy(i => cues[i].Timbre)
                .ThenBy(i => i),
        ];
        var splits = new Split[cues.Count];
        foreach (int clip in TakeEvenly(order, tests))
            splits[clip] = Split.Test;
        order.RemoveAll(clip => splits[clip] == Split.Test);
        foreach (int clip in TakeEvenly(order, validations))
            splits[clip] = Split.Validation;
        return splits;
    }

    private static int Count(int clips, double share) => share <= 0 ? 0 : Math.Max(1, (int)Math.Floor((clips * share) + 0.5));

    private static IEnumerable<int> TakeEvenly(IReadOnlyList<int> order, int count)
    {
        for (long p = 0; p < order.Count; p++)
            if ((p + 1) * count / order.Count > p * count / order.Count)
                yield return order[(int)p];
    }
}
