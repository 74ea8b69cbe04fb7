using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MerBench.Host.Audit;

/// <summary>
/// Reads attack logs in the format of Hoedt, Flexer and Widmer (2025): <c>SYSTEM/seedN/log.csv</c> with the columns file, epoch, db, norm, converged,
/// true-label, orig-pred, new-pred and adv-target, numpy arrays printed in cells; the attack's settings in <c>hparams.yaml</c> beside it.
/// </summary>
public static partial class AttackLogReader
{
    private static readonly string[] Columns = ["file", "db", "norm", "converged", "true-label", "orig-pred", "new-pred"];

    /// <summary>Reads logs.</summary>
    /// <param name="paths">Files, or folders in which <c>log.csv</c> is looked for.</param>
    /// <exception cref="UserErrorException">Nothing was found, or a file cannot be read; the message names file and line.</exception>
    public static IReadOnlyList<AttackLog> Read(IEnumerable<string> paths)
    {
        var logs = paths.SelectMany(Files).Distinct(StringComparer.Ordinal).Select(ReadFile).ToList();
        foreach (var twice in logs.GroupBy(l => (l.System, l.Seed)).Where(g => g.Count() > 1))
            throw new UserErrorException($"{string.Join(" and ", twice.Select(l => l.Path))} are both logs of {twice.Key.System} seed {twice.Key.Seed}. Name one of them.");
        return [.. logs.OrderBy(l => l.System, StringComparer.Ordinal).ThenBy(l => l.Seed)];
    }

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path)) return [Path.GetFullPath(path)];
        if (!Directory.Exists(path)) throw new UserErrorException($"There is no file or folder {path}.");
        string[] found = Directory.GetFiles(Path.GetFullPath(path), "log.csv", SearchOption.AllDirectories);
        return found.Length > 0 ? found.Order(StringComparer.Ordinal) : throw new UserErrorException($"{path} holds no log.csv. Name the folder above SYSTEM/seedN/log.csv.");
    }

    private static AttackLog ReadFile(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (SeedFolder().Match(Path.GetFileName(folder)) is not { Success: true } seed)
            throw new UserErrorException($"{path} does not lie in a folder named after its seed; expected SYSTEM/seedN/log.csv.");
        string system = Path.GetFileName(Path.GetDirectoryName(folder)!);
        IReadOnlyList<AttackLogRow> rows = Rows(path);
        return new AttackLog(system, int.Parse(seed.Groups["seed"].Value, CultureInfo.InvariantCulture), path, Settings(Path.Combine(folder, "hparams.yaml")), rows);
    }

    private static IReadOnlyList<AttackLogRow> Rows(string path)
    {
        try
        {
            using CsvReader reader = CsvReader.FromFile(path, new CsvReaderOptions { TrackLineNumbers = true });
            string[] headers = [.. reader.Headers.Select(h => h.Trim())];
            string[] missing = [.. Columns.Except(headers, StringComparer.Ordinal)];
            if (missing.Length > 0) throw new UserErrorException($"{path}:1:1: no column {string.Join(", ", missing.Select(m => $"'{m}'"))}; expected {string.Join(", ", Columns)}");
            var rows = new List<AttackLogRow>();
            while (reader.Read())
            {
                string[] cells = reader.Current.ToArray();
                if (cells.All(string.IsNullOrWhiteSpace)) continue;
                rows.Add(Row(new Cells(path, (int)reader.LineNumber, headers, cells)));
            }

            return rows.Count > 0 ? rows : throw new UserErrorException($"{path} has no rows.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            throw new UserErrorException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }

    private static AttackLogRow Row(Cells cells)
    {
        double[] rating = cells.Numbers("true-label"), clean = cells.Numbers("orig-pred"), perturbed = cells.Numbers("new-pred");
        if (rating.Length != clean.Length || rating.Length != perturbed.Length)
            throw cells.Error($"true-label, orig-pred and new-pred hold {rating.Length}, {clean.Length} and {perturbed.Length} numbers; expected as many of each");
        return new AttackLogRow(
            cells.Line, cells["file"].Trim('[', ']', '\'', '"', ' '), cells.Number("norm"), cells.Number("db"), cells.Truth("converged"),
            cells.Has("adv-target") ? cells.Number("adv-target") : null, rating, clean, perturbed);
    }

    private static Dictionary<string, string> Settings(string path)
    {
        if (!File.Exists(path)) return [];
        try
        {
            return new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [];
        }
        catch (YamlException e)
        {
            throw new UserErrorException($"{path}:{e.Start.Line}:{e.Start.Column}: the settings cannot be read: {e.Message}", inner: e);
        }
    }

    [GeneratedRegex(@"^seed[-_]?(?<seed>\d{1,9})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeedFolder();

    /// <summary>One line's cells by column.</summary>
    private sealed class Cells(string path, int line, string[] headers, string[] cells)
    {
        public int Line => line;

        public string this[string column] => Array.IndexOf(headers, column) is var i and >= 0 && i < cells.Length ? cells[i].Trim() : "";

        public bool Has(string column) => this[column].Length > 0;

        public double Number(string column) =>
            double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Error($"'{column}' is '{this[column]}'; expected a number");

        public bool Truth(string column) => bool.TryParse(this[column], out bool value) ? value : throw Error($"'{column}' is '{this[column]}'; expected True or False");

        // numpy prints arrays as [[0.1 0.2\n 0.3]].
        public double[] Numbers(string column)
        {
            string[] words = this[column].Split(['[', ']', ',', ' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Contains("...", StringComparer.Ordinal)) throw Error($"'{column}' is abbreviated by '...'; print arrays whole (numpy.set_printoptions(threshold=...))");
            double[] numbers = [.. words.Select(w => double.TryParse(w, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v)
                ? v : throw Error($"'{column}' holds '{w}'; expected finite numbers"))];
            return numbers.Length > 0 ? numbers : throw Error($"'{column}' is empty; expected an array");
        }

        public UserErrorException Error(string problem) => new(FormattableString.Invariant($"{path}:{line}:1: {problem}"));
    }
}
