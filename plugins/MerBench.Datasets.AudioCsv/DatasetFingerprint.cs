using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MerBench.Datasets.AudioCsv;

/// <summary>A hash of all that a dataset hands out: labels, scales, ratings, also over time, with their deviations, splits, and the content
/// of every audio file.</summary>
internal static class DatasetFingerprint
{
    public static string Compute(
        LabelSpace emotions,
        LabelSpace? concepts,
        IReadOnlyList<Clip> clips,
        ProblemList problems,
        CancellationToken cancel
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, ["audio-csv/1", .. Describe(emotions), .. concepts is null ? [] : Describe(concepts)]);
        foreach (Clip clip in clips)
        {
            cancel.ThrowIfCancellationRequested();
            string path = ((AudioSource.File)clip.Audio).Path;
            Append(hash, [clip.Id, clip.Split.ToString(), Numbers(clip.Emotion), Numbers(clip.Concepts ?? [])]);
            if (clip.EmotionSd is { } sd)
                Append(hash, ["sd", Numbers(sd)]);
            if (clip.EmotionCurve is { } curve)
                Append(hash, Describe(curve));
            try
            {
                using FileStream stream = File.OpenRead(path);
                Append(hash, [Path.GetFileName(path), stream.Length.ToString(CultureInfo.InvariantCulture)]);
                hash.AppendData(SHA256.HashData(stream));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{clip.Origin}: '{path}' of clip '{clip.Id}' cannot be read: {e.Message}", DataIssueKind.Unreadable);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string[] Describe(LabelSpace space) => [string.Join('\n', space.Names), space.Source];

    private static IEnumerable<string> Describe(RatedCurve curve) =>
        [
            "curve",
            string.Create(CultureInfo.InvariantCulture, $"{curve.StartSeconds:R} {curve.HopSeconds:R} {curve.Ratings.Count}"),
            .. curve.Ratings.Select(Numbers),
            .. curve.Sd?.Select(Numbers) ?? [],
        ];

    private static string Numbers(float[] values) => string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    private static void Append(IncrementalHash hash, IEnumerable<string> parts)
    {
        foreach (string part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
    }
}
