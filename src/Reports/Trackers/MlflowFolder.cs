using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerBench.Host.IO;

namespace MerBench.Reports.Trackers;

/// <summary>MLflow's folder <c>mlruns</c>: a folder an experiment, in it one a run, in it a file a parameter, metric and tag. A run that is
/// there is written again.</summary>
internal sealed class MlflowFolder(string root) : IMlflowStore
{
    private const string Meta = "meta.yaml";
    private const string Active = "active";

    // As MLflow numbers them.
    private const int LocalSource = 4;
    private const int Finished = 3;
    private const int Failed = 4;

    private readonly string _root = Path.GetFullPath(root);

    public string? LeftOut => null;

    public string Write(string experiment, TrackedRun run, string? parent)
    {
        string experimentId = OpenExperiment(experiment, run);
        string folder = Path.Combine(_root, experimentId, run.Id);
        foreach (string part in new[] { "params", "metrics", "tags", "artifacts" })
            Empty(Path.Combine(folder, part));
        foreach ((string name, string value) in run.Parameters)
            Write(folder, "params", name, MlflowNames.FitValue(value));
        foreach (TrackedMetric metric in run.Metrics)
            Write(folder, "metrics", metric.Name, FormattableString.Invariant($"{Milliseconds(run.End)} {metric.Value:R} 0\n"));
        foreach ((string name, string value) in MlflowTags.List(run, parent))
            Write(folder, "tags", name, MlflowNames.FitValue(value));
        foreach ((string name, string path) in run.Artifacts)
            File.Copy(path, Path.Combine(folder, "artifacts", name), overwrite: true);
        WriteYaml(
            Path.Combine(folder, Meta),
            [
                ("artifact_uri", Address(Path.Combine(folder, "artifacts"))),
                ("deleted_time", null),
                ("end_time", Milliseconds(run.End)),
                ("entry_point_name", ""),
                ("experiment_id", experimentId),
                ("lifecycle_stage", Active),
                ("run_id", run.Id),
                ("run_name", run.Name),
                ("run_uuid", run.Id),
                ("source_name", ""),
                ("source_type", LocalSource),
                ("source_version", ""),
                ("start_time", Milliseconds(run.Start)),
                ("status", run.HasFailed ? Failed : Finished),
                ("tags", Array.Empty<string>()),
                ("user_id", MlflowTags.User),
            ]
        );
        return run.Id;
    }

    private string OpenExperiment(string name, TrackedRun run)
    {
        if (FindExperiment(name) is { } there)
            return there;
        string id = Number(name);
        WriteYaml(
            Path.Combine(_root, id, Meta),
            [
                ("artifact_location", Address(Path.Combine(_root, id))),
                ("creation_time", Milliseconds(run.Start)),
                ("experiment_id", id),
                ("last_update_time", Milliseconds(run.Start)),
                ("lifecycle_stage", Active),
                ("name", name),
            ]
        );
        return id;
    }

    private string? FindExperiment(string name) =>
        Directory.Exists(_root)
            ? Directory
                .EnumerateDirectories(_root)
                .Where(folder => File.Exists(Path.Combine(folder, Meta)))
                .Where(folder => MlflowMeta.Read(Path.Combine(folder, Meta), "name") == name)
                .Select(folder => Path.GetFileName(folder))
                .Order(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    private static void Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }

    private static void Write(string folder, string part, string name, string content) =>
        AtomicFile.Write(Path.Combine(folder, part, MlflowNames.Fit(name)), Encoding.UTF8.GetBytes(content), flush: false);

    // What JSON quotes, YAML reads.
    private static void WriteYaml(string path, IEnumerable<(string Key, object? Value)> fields) =>
        AtomicFile.Write(path, string.Concat(fields.Select(f => $"{f.Key}: {JsonSerializer.Serialize(f.Value)}\n")));

    private static string Address(string path) => new Uri(path).AbsoluteUri;

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    // Of 18 digits, as MLflow makes them; the same for the same name.
    private static string Number(string name)
    {
        ulong hash = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return ((hash % 900_000_000_000_000_000) + 100_000_000_000_000_000).ToString(CultureInfo.InvariantCulture);
    }
}
