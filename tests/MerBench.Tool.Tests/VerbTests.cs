using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class VerbTests
{
    [Test]
    public async Task List_shows_the_bundled_plugins_of_every_kind()
    {
        using var tool = new MerBenchTool(report: true);
        BufferedCommandResult result = await tool.Run("list", "--json");
        JsonArray plugins = JsonNode.Parse(result.StandardOutput)!.AsArray();
        Assert.That(
            plugins.Select(p => p!["id"]!.GetValue<string>()),
            Is.SupersetOf(
                new[]
                {
                    "vgg",
                    "ridge",
                    "torchscript",
                    "madmom-log",
                    "fgsm",
                    "bim",
                    "pgd",
                    "apgd",
                    "adam-sign",
                    "random",
                    "square",
                    "nes",
                    "spsa",
                    "noise",
                    "hum",
                    "crackle",
                    "clipping",
                    "quantisation",
                    "low-pass",
                    "high-pass",
                    "equaliser",
                    "resampling",
                    "codec",
                    "reverb",
                    "dropout",
                    "leading-silence",
                    "gain",
                    "speed",
                    "pitch-shift",
                    "time-stretch",
                    "cues",
                    "audio-csv",
                    "soundtracks",
                    "deam",
                    "pmemo",
                    "emomusic",
                    "emotify",
                    "mae",
                    "rmse",
                    "pearson",
                    "ccc",
                    "r2",
                }
            )
        );
        Assert.That(
            plugins.Where(p => !p!["labelPreserving"]!.GetValue<bool>()).Select(p => p!["id"]!.GetValue<string>()),
            Is.EquivalentTo(new[] { "gain", "speed", "pitch-shift", "time-stretch" })
        );
        Assert.That(plugins.Select(p => p!["state"]!.GetValue<string>()), Is.All.EqualTo("ready"));
    }

    [Test]
    public async Task Describe_shows_options_with_defaults()
    {
        using var tool = new MerBenchTool(report: true);
        BufferedCommandResult result = await tool.Run("describe", "pgd");
        Assert.That(result.StandardOutput, Does.Contain("step-size").And.Contain("0.25").And.Contain("restarts"));
    }

    [Test]
    public async Task Schema_is_json_and_knows_plugin_options()
    {
        using var tool = new MerBenchTool(report: true);
        BufferedCommandResult result = await tool.Run("schema");
        Assert.That(JsonNode.Parse(result.StandardOutput)!["properties"]!["models"], Is.Not.Null);
        Assert.That(result.StandardOutput, Does.Contain("step-size"));
    }

    /// <summary>Mend it with <c>dotnet merbench schema -o benchmarks/merbench.schema.json</c>.</summary>
    [Test]
    public async Task The_schema_beside_the_benchmarks_is_that_of_the_bundled_plugins()
    {
        using var tool = new MerBenchTool(report: true);
        BufferedCommandResult result = await tool.Run("schema");
        Assert.That(
            File.ReadAllText(Path.Combine(MerBenchTool.Repository, "benchmarks", "merbench.schema.json")),
            Is.EqualTo(result.StandardOutput)
        );
    }

    [Test]
    public async Task Doctor_finds_libtorch_and_plugins()
    {
        using var tool = new MerBenchTool(report: true);
        BufferedCommandResult result = await tool.Run("doctor");
        Assert.That(result.StandardOutput, Does.Contain("libtorch").And.Contain("2.10").And.Contain("plugins"));
        Assert.That(result.ExitCode, Is.Zero.Or.EqualTo(4));
    }

    [Test]
    public async Task Audit_writes_tables_and_findings_of_a_log()
    {
        using var tool = new MerBenchTool(report: true);
        const string Row = ",10,30,12.5,False,[[0.1 0.9 0.5]],[[0.2 0.7 0.4]],[[-1.5 2.5 0.5]],0.9";
        tool.Write(
            "logs/A2E/seed1/log.csv",
            $"file,epoch,db,norm,converged,true-label,orig-pred,new-pred,adv-target\n['a.mp3']{Row}\n['b.mp3']{Row.Replace("0.1", "0.3")}\n"
        );
        tool.Write("logs/A2E/seed1/hparams.yaml", "clip_eps: 0.001\n");
        BufferedCommandResult result = await tool.Run("audit", "logs", "-o", "out");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        Assert.That(result.StandardOutput, Does.Contain("After the attack").And.Contain("2 of 2 rows. The configured budget"));
        Assert.That(
            JsonNode.Parse(File.ReadAllText(tool.PathOf("out/audit.json")))!["systems"]![0]!["perturbedMae"]!["mean"]!.GetValue<double>(),
            Is.EqualTo(1.1).Within(1e-9)
        );
        Assert.That(File.ReadAllText(tool.PathOf("out/audit.md")), Does.Contain("### No attack converged").And.Contain("| A2E | "));
        Assert.That((await tool.Run("audit", "logs", "--export", "logs.parquet")).ExitCode, Is.Zero);
        Assert.That(
            Words((await tool.Run("audit", "logs.parquet")).StandardOutput),
            Is.EqualTo(
                Words(result.StandardOutput)
                    .Replace("line 2", "row 1", StringComparison.Ordinal)
                    .Replace("line 3", "row 2", StringComparison.Ordinal)
            )
        );
        Assert.That((await tool.Run("audit", "nowhere")).StandardError, Does.Contain("no file or folder nowhere"));

        static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Test]
    public async Task Validate_with_data_counts_what_is_missing_extra_unreadable_and_mismatching()
    {
        using var tool = new MerBenchTool(report: true);
        tool.Write("ratings.csv", "id,valence\na,0.1\nb,0.5\nc,0.9\nd,1.2\n");
        tool.Write("audio/b.wav", "this is not audio");
        tool.Write("audio/x.wav", "this is not audio either, and nobody asks for it");
        WriteTone(tool.PathOf("audio/a.wav"));
        WriteTone(tool.PathOf("audio/d.wav"));
        string file = tool.Write(
            "bench.yaml",
            """
            dataset:
              use: audio-csv
              with:
                { audio: audio, ratings: ratings.csv, emotions: [valence], scale: { min: 0, max: 1 }, split: { train: [a, b], test: [c, d] } }
            models: { ridge: ridge }
            perturbations: { noise: noise }
            """
        );
        BufferedCommandResult broken = await tool.Run("validate", file, "--data");
        if (broken.ExitCode == 4)
            Assert.Ignore("ffmpeg is not on this machine.");
        Assert.That(broken.ExitCode, Is.EqualTo(3), broken.StandardError);
        Assert.That(
            broken.StandardOutput,
            Does.Match(@"missing +1\n    row 4: clip 'c' has no audio file")
                .And.Match(@"extra +1\n    no row uses the file 'x.wav'")
                .And.Match(@"unreadable +1\n    clip 'b' \(ratings.csv, row 3\): .*ffmpeg cannot decode")
                .And.Match(@"mismatching +1\n    row 5: 'valence' of clip 'd' is 1.2, outside of the scale 0 to 1")
        );

        WriteTone(tool.PathOf("audio/b.wav"));
        WriteTone(tool.PathOf("audio/c.wav"));
        tool.Write("ratings.csv", "id,valence\na,0.1\nb,0.5\nc,0.9\nd,1\n");
        BufferedCommandResult mended = await tool.Run("validate", file, "--data", "--json");
        Assert.That(mended.ExitCode, Is.Zero, mended.StandardOutput);
        Assert.That(
            JsonNode.Parse(mended.StandardOutput)!["issues"]!
                .AsArray()
                .Select(i => (i!["kind"]!.GetValue<string>(), i["count"]!.GetValue<int>())),
            Is.EqualTo(new[] { ("missing", 0), ("extra", 1), ("unreadable", 0), ("mismatching", 0) })
        );

        static void WriteTone(string path)
        {
            using var writer = new BinaryWriter(File.Create(path));
            writer.Write("RIFF"u8);
            writer.Write(36 + 44100);
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1);
            writer.Write((short)1);
            writer.Write(22050);
            writer.Write(44100);
            writer.Write((short)2);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(44100);
            for (int i = 0; i < 22050; i++)
                writer.Write((short)(8000 * Math.Sin(0.1 * i)));
        }
    }

    [Test]
    public async Task Init_writes_a_valid_benchmark_and_does_not_overwrite_one()
    {
        using var tool = new MerBenchTool(report: true);
        Assert.That((await tool.Run("init")).ExitCode, Is.Zero);
        Assert.That(File.ReadLines(tool.PathOf("quickstart.yaml")).First(), Does.EndWith("$schema=merbench.schema.json"));
        Assert.That(JsonNode.Parse(File.ReadAllText(tool.PathOf("merbench.schema.json")))!["properties"], Is.Not.Null);
        Assert.That((await tool.Run("validate", "quickstart.yaml")).StandardOutput, Does.Contain("is valid"));
        Assert.That((await tool.Run("init")).ExitCode, Is.EqualTo(3));
    }
}
