using System.Text;
using System.Text.Json;
using MerBench.Host.Bibliography;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Reports.Bibliography;

/// <summary>What a run's paper cites: the plugins and dataset that it used, and MerBench's own methods as far as they were
/// applied.</summary>
public sealed class RunBibliography
{
    private readonly Dictionary<string, BibTexEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<(string Key, PluginReference Reference)>> _plugins = new(StringComparer.Ordinal);
    private readonly List<string> _remarks = [];

    private RunBibliography() { }

    public static RunBibliography Collect(RunResults results)
    {
        var bibliography = new RunBibliography();
        foreach ((string plugin, PluginSource source) in results.Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
            bibliography.Add(plugin, source);
        if (results.Sources.Count == 0)
            bibliography._remarks.Add(
                "These results were written before runs kept what their plugins come from: run the benchmark again for the references of "
                    + "plugins and dataset. Finished cells are kept."
            );
        foreach (string key in OwnKeys(results))
            bibliography.Add(OwnReferences.Find(key, results.Environment.MerBench, results.Environment.Started));
        return bibliography;
    }

    /// <summary>Sorted by key.</summary>
    public IEnumerable<BibTexEntry> Entries => _entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal);

    /// <summary>The keys to cite for a plugin, such as <c>attack/pgd</c>; none for one that names no publication.</summary>
    /// <param name="options">How it was used; null for all its uses.</param>
    public IReadOnlyList<string> Cite(string plugin, JsonElement? options = null) =>
        [
            .. _plugins
                .GetValueOrDefault(plugin, [])
                .Where(r => options is not { } used || r.Reference.Concerns(used.GetRawText()))
                .Select(r => r.Key),
        ];

    /// <summary>The content of <c>references.bib</c>.</summary>
    public string ToBibTex()
    {
        var text = new StringBuilder();
        foreach (string remark in _remarks)
            text.Append("% ").Append(TexText.ToAscii(remark)).Append('\n');
        if (_remarks.Count > 0)
            text.Append('\n');
        return text.AppendJoin('\n', Entries.Select(e => e.ToBibTex())).ToString();
    }

    private static IEnumerable<string> OwnKeys(RunResults results)
    {
        yield return OwnReferences.MerBench;
        yield return OwnReferences.LibTorch;
        if (results.Cells.Any(c => c.Objective is not null && c.Believable is not null))
            foreach (string check in OwnReferences.Checks)
                yield return check;
        if (results.Models.Any(m => m.Training?.Outcome is { EpochsRun: > 0 }))
            yield return OwnReferences.Adam;
        if (
            results.Specifications.Values.Any(s =>
                s.TryGetProperty("adversarial", out var adversarial)
                && (
                    adversarial.GetProperty("trades").ValueKind == JsonValueKind.Number
                    || adversarial.TryGetProperty("concept-stability", out _)
                )
            )
        )
            yield return OwnReferences.Trades;
        if (results.Specifications.Values.Any(s => s.TryGetProperty("free", out _)))
            yield return OwnReferences.FreeTraining;
        if (results.Specifications.Values.Any(s => s.TryGetProperty("training-noise", out _)))
            yield return OwnReferences.NoiseAugmentation;
        if (results.Statistics.Any(s => s.Means.Count > 0 && s.Seeds > 1))
            yield return OwnReferences.Bootstrap;
        if (results.Statistics.All(s => s.Comparisons.Count == 0))
            yield break;
        yield return OwnReferences.Holm;
        yield return OwnReferences.Equivalence;
        if (results.Statistics.All(s => s.Seeds == 1))
            yield break;
        yield return OwnReferences.CrossedTest;
        yield return OwnReferences.DegreesOfFreedom;
    }

    private void Add(string plugin, PluginSource source)
    {
        var keys = new List<(string, PluginReference)>();
        foreach (PluginReference reference in source.References)
        {
            try
            {
                keys.Add((Add(BibTexReader.ReadOne(reference.BibTex)), reference));
            }
            catch (FormatException e)
            {
                _remarks.Add($"A reference of {plugin} cannot be read: {e.Message.ReplaceLineEndings(" ")}");
            }
        }

        _plugins[plugin] = keys;
        if (keys.Count == 0 && source.Source.Length > 0)
            _remarks.Add($"{plugin} has no BibTeX entry; it names: {source.Source.ReplaceLineEndings(" ")}");
    }

    // Two works under one key are told apart by a letter.
    private string Add(BibTexEntry entry)
    {
        for (char letter = '`'; ; letter++)
        {
            string key = letter == '`' ? entry.Key : $"{entry.Key}{letter}";
            if (_entries.TryGetValue(key, out BibTexEntry? there) && !there.Fields.SequenceEqual(entry.Fields))
                continue;
            _entries[key] = entry with { Key = key };
            return key;
        }
    }
}
