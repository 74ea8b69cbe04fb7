using System.Globalization;

namespace MerBench.Host.Results;

/// <summary>Where a run's tables come from, as it stands in the metadata of every Parquet file: keys <c>merbench.*</c>.</summary>
internal static class Provenance
{
    public static IReadOnlyDictionary<string, string> Describe(RunResults results)
    {
        RunEnvironment on = results.Environment;
        var facts = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["benchmark"] = results.Benchmark,
            ["file"] = on.File,
            ["commit"] = on.Commit,
            ["command"] = on.Command,
            ["started"] = on.Started.ToString("O", CultureInfo.InvariantCulture),
            ["seconds"] = on.Seconds.ToString("0.###", CultureInfo.InvariantCulture),
            ["seeds"] = string.Join(',', results.Models.Select(m => m.Seed).Distinct().Order()),
            ["version"] = on.MerBench,
            ["contract"] = on.Contract,
            ["libtorch"] = on.LibTorch,
            ["device"] = on.Device,
            ["processor"] = on.Processor,
            ["instruction-set"] = on.InstructionSet,
            ["threads"] = on.Threads.ToString(CultureInfo.InvariantCulture),
            ["runtime"] = on.Runtime,
            ["os"] = on.OperatingSystem,
            ["dataset"] = results.Dataset.Id,
            ["dataset-fingerprint"] = results.Dataset.Fingerprint,
            ["scale"] = results.Dataset.Scale,
            ["minimum"] = results.Dataset.Minimum.ToString("R", CultureInfo.InvariantCulture),
            ["maximum"] = results.Dataset.Maximum.ToString("R", CultureInfo.InvariantCulture),
            ["plugins"] = string.Join(' ', on.Plugins.Select(p => $"{p.Key}={p.Value}")),
        };
        return facts.Where(f => f.Value is not null).ToDictionary(f => $"merbench.{f.Key}", f => f.Value!, StringComparer.Ordinal);
    }
}
