using System.Globalization;
using System.Text.RegularExpressions;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MerBench.Analysis.Audit;

/// <summary>
/// The format of Hoedt, Flexer and Widmer (2025): <c>SYSTEM/seedN/log.csv</c> with the columns file, epoch, db, norm, converged,
/// true-label, orig-pred,
/// new-pred and adv-target, numpy arrays printed in cells; the attack's settings in <c>hparams.yaml</c> beside it.
/// </summary>
internal static partial class PublishedLogFormat
{
    private static readonly string[] Columns = ["file", "db", "norm", "converged", "true-label", "orig-pred", "new-pred"];

    // The logs do not name them; this is the order of the published ratings.
    private static readonly string[] PublishedEmotions = ["valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender"];

    public static ClipLog Read(TableFile table)
    {
        string folder = Path.GetDirectoryName(table.Path)!;
        if (SeedFolder().Match(Path.GetFileName(folder)) is not { Success: true } seed)
            throw new UserErrorException($"{table.Path} does not lie in a folder named after its seed; expected SYSTEM/seedN/log.csv.");
        string system = Path.GetFileName(Path.GetDirectoryName(folder)!);
        table.Require(Columns);
        double? radius = ConfiguredRadius(Path.Combine(folder, "hparams.yaml"));
        ClipRow[] rows = [.. table.Rows.Select(cells => Row(cells, radius))];
        int emotions = rows[0].Rating.Length;
        return new ClipLog(
            system,
            int.Parse(seed.Groups["seed"].Value, CultureInfo.InvariantCulture),
            table.Path,
            emotions == PublishedEmotions.Length
                ? PublishedEmotions
                : [.. Enumerable.Range(1, emotions).Select(e => FormattableString.Invariant($"emotion{e}"))],
            rows
        );
    }

    private static ClipRow Row(TableRow cells, double? radius)
    {
        double[] rating = Array(cells, "true-label"),
            clean = Array(cells, "orig-pred"),
            perturbed = Array(cells, "new-pred");
        if (rating.Length != clean.Length || rating.Length != perturbed.Length)
            throw cells.Error(
                $"true-label, orig-pred and new-pred hold {rating.Length}, {clean.Length} and {perturbed.Length} numbers; expected as "
                    + $"many of each"
            );
        return new ClipRow(cells["file"].Trim('[', ']', '\'', '"', ' '), rating, clean, perturbed)
        {
            Line = cells.Line,
            L2 = cells.Number("norm"),
            SnrDb = cells.Number("db"),
            Converged = cells.Truth("converged"),
            Threshold = cells.NumberOrNone("adv-target"),
            BudgetLinf = radius,
        };
    }

    // numpy prints arrays as [[0.1 0.2\n 0.3]].
    private static double[] Array(TableRow cells, string column)
    {
        string[] words = cells[column].Split(['[', ']', ',', ' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Contains("...", StringComparer.Ordinal))
            throw cells.Error($"'{column}' is abbreviated by '...'; print arrays whole (numpy.set_printoptions(threshold=...))");
        double[] numbers =
        [
            .. words.Select(w =>
                double.TryParse(w, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v)
                    ? v
                    : throw cells.Error($"'{column}' holds '{w}'; expected finite numbers")
            ),
        ];
        return numbers.Length > 0 ? numbers : throw cells.Error($"'{column}' is empty; expected an array");
    }

    private static double? ConfiguredRadius(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            Dictionary<string, string>? settings = new DeserializerBuilder()
                .Build()
                .Deserialize<Dictionary<string, string>>(File.ReadAllText(path));
            return
                settings?.GetValueOrDefault("clip_eps") is { } text
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double radius)
                && radius > 0
                ? radius
                : null;
        }
        catch (YamlException e)
        {
            throw new UserErrorException($"{path}:{e.Start.Line}:{e.Start.Column}: the settings cannot be read: {e.Message}", inner: e);
        }
    }

    [GeneratedRegex(@"^seed[-_]?(?<seed>\d{1,9})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeedFolder();
}
