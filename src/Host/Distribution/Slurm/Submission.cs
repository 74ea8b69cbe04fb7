using System.Globalization;
using System.Text.Json;
using MerBench.Host.IO;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>An array of shards that was submitted.</summary>
/// <param name="Offset">Added to a task's index it is the shard's number: arrays have a largest index.</param>
/// <param name="Shards">Their numbers.</param>
public sealed record SubmittedArray(SlurmJobId Job, int Offset, IReadOnlyList<int> Shards);

/// <summary>What of a study was submitted: what <c>watch</c> and the next submission read.</summary>
public sealed record Submission
{
    /// <summary>The folder of plan, scripts, logs and this beside the results.</summary>
    public const string Folder = "slurm";

    private const string FileName = "submission.json";
    private const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    public required string Benchmark { get; init; }

    /// <summary>The benchmark file, absolute.</summary>
    public required string File { get; init; }

    /// <summary>The plan's hash.</summary>
    public required string Plan { get; init; }

    /// <summary>The store's folder.</summary>
    public required string Store { get; init; }

    /// <summary>Into how many parts the study is divided.</summary>
    public required int Shards { get; init; }

    /// <summary>When something was submitted last.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>All of this plan, the oldest first.</summary>
    public required IReadOnlyList<SubmittedArray> Arrays { get; init; }

    /// <summary>The job that merges; null where it could not be submitted.</summary>
    public SlurmJobId? Merge { get; init; }

    /// <summary>The jobs' ids, the newest last.</summary>
    public IEnumerable<SlurmJobId> ListJobs() => Arrays.Select(a => a.Job).Concat(Merge is null ? [] : [Merge]);

    /// <summary>Of a results folder; null where nothing was submitted.</summary>
    public static Submission? Read(string results)
    {
        try
        {
            byte[] content = System.IO.File.ReadAllBytes(Path.Combine(results, Folder, FileName));
            return JsonSerializer.Deserialize<Submission>(content, ResultJson.Options) is { Schema: CurrentSchema } read ? read : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="DiskException">It cannot be written.</exception>
    public void Write(string results) =>
        AtomicFile.Write(Path.Combine(results, Folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, ResultJson.Options));

    /// <summary>What the job that merges ended with; null before.</summary>
    public int? ReadExitCode(string results)
    {
        string folder = Path.Combine(results, Folder),
            wanted = JobScripts.NameExitFile(Merge?.Number);
        // Listed, as shared file systems know of what was asked for before that it is not there.
        if (Merge is null || !Directory.Exists(folder) || !Directory.EnumerateFiles(folder, wanted).Any())
            return null;
        try
        {
            string text = System.IO.File.ReadAllText(Path.Combine(folder, wanted)).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
