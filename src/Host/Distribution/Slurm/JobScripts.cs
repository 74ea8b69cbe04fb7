using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.IO;
using MerBench.Host.Runs;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>Writes the scripts of a study's jobs beside its plan.</summary>
/// <param name="results">The results folder.</param>
/// <param name="asked">What the user asked for.</param>
internal sealed class JobScripts(string results, RunRequest request, SlurmRequest asked)
{
    private const int Crowd = 20,
        SecondsToSpread = 60;

    private readonly string _folder = Path.Combine(results, Submission.Folder);

    public string Shard => Path.Combine(_folder, "shard.sh");

    public string Merge => Path.Combine(_folder, "merge.sh");

    public string Logs => Path.Combine(_folder, "logs");

    public static string NameExitFile(long? job) => string.Create(CultureInfo.InvariantCulture, $"merge-{job}.exit");

    /// <exception cref="DiskException">They cannot be written.</exception>
    public void Write(SlurmSettings settings, int shards)
    {
        Directory.CreateDirectory(Logs);
        AtomicFile.Write(Shard, ShardText(settings, shards));
        AtomicFile.Write(Merge, MergeText());
    }

    private string ShardText(SlurmSettings settings, int shards) =>
        $$"""
            #!/bin/bash
            # Written by 'merbench run --executor slurm'. Computes a shard; $1 and the task's index are its number.
            shard=$(($1 + SLURM_ARRAY_TASK_ID))/{{shards}}
            echo "== shard $shard, job ${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID, start $((${SLURM_RESTART_COUNT:-0} + 1)), on $(hostname), $(date -u +%FT%TZ)"
            cpus=${SLURM_CPUS_PER_TASK:-1}
            {{(shards > Crowd ? $"sleep $((RANDOM % {SecondsToSpread}))" : "# Few enough to begin at once.")}}
            # A step of srun is told at once that its time is up; a script, and what it runs itself, only at the end.
            srun --ntasks=1 --cpus-per-task="$cpus" {{Quote([.. asked.Tool, "run", request.File])}} --shard "$shard" \
              {{Quote([.. EngineArguments(), "--plan", _folder, .. asked.RetryFailed ? ["--retry-failed"] : Array.Empty<string>()])}}
            code=$?
            # 143: told to end, and what was done is kept. Who cancels a job ends this script too, and nothing is queued again.
            # By the array and the task: the last task has the array's own number for a job id, which stands for all tasks.
            if [ "$code" -eq 143 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt {{settings.Restarts}} ]; then
              scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
            fi
            exit "$code"

            """;

    private string MergeText() =>
        $$"""
            #!/bin/bash
            # Written by 'merbench run --executor slurm'. Sums up what the shards computed.
            echo "== merge, job $SLURM_JOB_ID, start $((${SLURM_RESTART_COUNT:-0} + 1)), on $(hostname), $(date -u +%FT%TZ)"
            cpus=${SLURM_CPUS_PER_TASK:-1}
            srun --ntasks=1 --cpus-per-task="$cpus" {{Quote([.. asked.Tool, "merge", request.File])}} \
              {{Quote([.. EngineArguments(), "--plan", _folder, "--output", results, .. asked.MergeArguments])}}
            code=$?
            [ "$code" -eq 143 ] && scontrol requeue "$SLURM_JOB_ID" && exit 143
            place={{Quote([_folder])}}/{{NameExitFile(null).Replace("-.", "-$SLURM_JOB_ID.", StringComparison.Ordinal)}}
            echo "$code" > "$place.new" && mv "$place.new" "$place"
            exit "$code"

            """;

    // Threads go by what the job was given, unless the user says otherwise.
    private IReadOnlyList<string> EngineArguments() =>
        [
            "--cache",
            request.CacheFolder,
            .. request.Plugins.SelectMany(plugin => new[] { "--plugin", Path.GetFullPath(plugin) }),
            .. request.LibTorch is { } libtorch ? new[] { "--libtorch", Path.GetFullPath(libtorch) } : [],
            .. request.Devices is { } devices ? new[] { "--device", string.Join(',', devices.Names) } : [],
            .. request.Isolation is { } isolation ? new[] { "--isolation", isolation.ToString().ToLowerInvariant() } : [],
            "--threads",
            request.Threads is { } threads ? threads.ToString(CultureInfo.InvariantCulture) : CpusOfJob,
        ];

    private const string CpusOfJob = "$cpus";

    private static string Quote(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote));

    private static string Quote(string argument) =>
        argument == CpusOfJob ? $"\"{argument}\"" : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
