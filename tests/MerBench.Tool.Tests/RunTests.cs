using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class RunTests
{
    private const string Small = """
        name: small
        dataset: { use: cues, with: { clips: 40, seconds: 1 } }
        models:
          tiny: { use: vgg, with: { head: bottleneck, width: 0.05 }, train: { epochs: 2, learning-rate: 1e-3, concept-weight: 0.5 } }
          ridge: ridge
        perturbations:
          pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.01, 0.05] } }
          noise: { use: noise, severities: [3] }
        evaluation: { batch: BATCH }
        """;

    private readonly MerBenchTool _finished = new();

    [OneTimeSetUp]
    public async Task Finish()
    {
        BufferedCommandResult first = await _finished.Run("run", _finished.Write("small.yaml", Small.Replace("BATCH", "16")));
        Assert.That(first.ExitCode, Is.Zero, first.StandardError);
        Assert.That(first.StandardError, Does.Contain("0 cells finished before, 6 to run, 2 models to train"));
        Assert.That(first.StandardOutput, Does.Contain("tiny").And.Contain("linf 0.05").And.Contain("severity 3"));
    }

    [OneTimeTearDown]
    public void DeleteFinished() => _finished.Dispose();

    /// <summary>A copy of a finished run.</summary>
    private MerBenchTool Finished()
    {
        var tool = new MerBenchTool();
        MerBenchTool.Copy(_finished.Folder, tool.Folder);
        return tool;
    }

    [Test]
    public async Task A_run_measures_every_cell_and_a_second_one_computes_nothing()
    {
        using MerBenchTool tool = Finished();
        JsonNode before = Cells(tool);
        BufferedCommandResult second = await tool.Run("run", "small.yaml");
        // Its files were copied, and so are not as they were.
        Assert.That(second.StandardError, Does.Contain("6 cells finished before, 0 to run, 0 models to train"));
        Assert.That(Metrics(Cells(tool)), Is.EqualTo(Metrics(before)));
        Assert.That(File.ReadAllText(tool.PathOf("merbench-results/small/results.md")), Does.Contain("| tiny | clean |"));
    }

    [Test]
    public async Task A_lost_cell_is_computed_again_to_the_same_bits_and_the_others_are_not()
    {
        using MerBenchTool tool = Finished();
        string before = Metrics(Cells(tool));
        string lost = Cells(tool)[1]!["result"]!["key"]!.GetValue<string>();
        Directory.Delete(tool.PathOf($".merbench/cells/{lost[..2]}/{lost}"), recursive: true);
        BufferedCommandResult again = await tool.Run("run", "small.yaml");
        Assert.That(again.StandardError, Does.Contain("5 cells finished before, 1 to run, 0 models to train"));
        Assert.That(Metrics(Cells(tool)), Is.EqualTo(before));
    }

    [Test]
    public async Task The_batch_size_changes_neither_keys_nor_results()
    {
        using MerBenchTool tool = Finished();
        JsonNode whole = Cells(tool);
        await tool.Run("run", tool.Write("small.yaml", Small.Replace("BATCH", "3")), "-q", "--cache", tool.PathOf("other"));
        JsonNode parts = Cells(tool);
        for (int i = 0; i < whole.AsArray().Count; i++)
        {
            Assert.That(parts[i]!["result"]!["key"]!.GetValue<string>(), Is.EqualTo(whole[i]!["result"]!["key"]!.GetValue<string>()));
            Assert.That(Mae(parts[i]!), Is.EqualTo(Mae(whole[i]!)).Within(1e-4));
        }
    }

    [Test]
    public async Task An_interrupted_run_ends_cleanly_and_continues()
    {
        if (InterruptsAreIgnored)
            Assert.Ignore("This process was started with SIGINT ignored, and its children inherit that.");
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "long.yaml",
            Small.Replace("BATCH", "16").Replace("steps: 3", "steps: 4000").Replace("name: small", "name: long")
        );
        using var interrupt = new CancellationTokenSource();
        Task<BufferedCommandResult> running = tool.Run(interrupt.Token, "run", file);
        while (!running.IsCompleted && TrainedModels(tool).Length == 0)
            await Task.Delay(100);
        await interrupt.CancelAsync();
        BufferedCommandResult stopped = await running;
        Assert.That(stopped.ExitCode, Is.EqualTo(130), stopped.StandardError);
        Assert.That(stopped.StandardError, Does.Contain("the same command continues").And.Not.Contain("   at "));
        Assert.That(TrainedModels(tool), Is.Not.Empty);
        Assert.That(
            Directory.GetDirectories(tool.PathOf(".merbench/models"), ".*", SearchOption.AllDirectories),
            Is.Empty,
            "half-written entries"
        );
    }

    [Test]
    public async Task Clip_rows_are_parquet()
    {
        using MerBenchTool tool = Finished();
        string key = Cells(tool)[0]!["result"]!["key"]!.GetValue<string>();
        await using var reader = await Parquet.ParquetReader.CreateAsync(tool.PathOf($".merbench/cells/{key[..2]}/{key}/clips.parquet"));
        Assert.That(
            reader.Schema.DataFields.Select(f => f.Name),
            Is.SupersetOf(new[] { "clip", "rating.valence", "clean.tender", "perturbed.fear", "snr_db", "gradient_calls" })
        );
        Assert.That(reader.Schema.DataFields.Count(f => f.Name.StartsWith("perturbed_concept.", StringComparison.Ordinal)), Is.EqualTo(7));
        using var group = reader.OpenRowGroupReader(0);
        Assert.That(group.RowCount, Is.EqualTo(8));
    }

    private static string[] TrainedModels(MerBenchTool tool) =>
        Directory.Exists(tool.PathOf(".merbench/models"))
            ? Directory.GetFiles(tool.PathOf(".merbench/models"), "training.json", SearchOption.AllDirectories)
            : [];

    // As a shell without job control starts background jobs; the bit of signal 2 is the second.
    private static bool InterruptsAreIgnored =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status")
            .Any(line => line.StartsWith("SigIgn:", StringComparison.Ordinal) && (Convert.ToUInt64(line[7..].Trim(), 16) & 2) != 0);

    private static JsonNode Cells(MerBenchTool tool) => tool.Results("small")["cells"]!;

    private static string Metrics(JsonNode cells) =>
        string.Join('\n', cells.AsArray().Select(c => c!["result"]!["metrics"]!.ToJsonString()));

    private static double Mae(JsonNode cell) => cell["result"]!["metrics"]!["mae"]!["mean"]!["perturbed"]!.GetValue<double>();
}
