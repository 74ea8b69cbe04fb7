using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>What 'init' writes of what somebody has is valid and runs; what cannot be is said.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InitTests
{
    private const string Header = "row,song,artist,valence_mean,Arousal(mean),valence_std,arousal_std,year\n";

    [Test]
    public async Task A_folder_with_audio_and_a_table_becomes_a_benchmark_that_runs()
    {
        using MerBenchTool tool = WithMusic();
        BufferedCommandResult init = await tool.Run("init", "own.yaml", "--data", "music", "--model", "ridge", "--attack", "noise");
        Assert.That((init.ExitCode, init.StandardOutput), Is.EqualTo((0, init.StandardOutput)), init.StandardError);
        Assert.That(init.StandardError, Does.Contain("Ratings of valence, Arousal are taken to be on the scale 1 to 9"));
        string[] written = File.ReadAllLines(tool.PathOf("own.yaml"));
        Assert.That(
            written.Select(l => l.Trim()),
            Is.SupersetOf(
                new[]
                {
                    "audio: music/clips",
                    "ratings: music/ratings.csv",
                    "emotions: [valence, Arousal]",
                    "scale: { min: 1, max: 9 }",
                    "columns: { valence: valence_mean, Arousal: \"Arousal(mean)\" }",
                    "sd-columns: { valence: valence_std, Arousal: arousal_std }",
                    "id-column: song",
                    "group-column: artist",
                }
            )
        );
        Assert.That(tool.PathOf("merbench.schema.json"), Does.Exist);
        BufferedCommandResult run = await tool.Run("run", "own.yaml", "-q");
        Assert.That(run.ExitCode, Is.Zero, run.StandardError);
    }

    [TestCase(
        "file;valence;arousal;split\n",
        "song{0:00}.wav;{1}.5;0.{1};{2}",
        "file-column: file",
        "scale: { min: 0, max: 10 }",
        "split: { column: split }"
    )]
    [TestCase("id,mood one,mood two\n", "song{0:00},-0.{1},0.{1}", "emotions: [\"mood one\", \"mood two\"]", "scale: { min: -1, max: 1 }")]
    [TestCase("id,valence,index\n", "song{0:00},{1},{0}", "emotions: [valence]", "scale: { min: 1, max: 9 }")]
    public async Task Columns_and_scale_are_guessed_and_valid(string header, string row, params string[] expected)
    {
        using MerBenchTool tool = WithMusic(
            header,
            i => string.Format(System.Globalization.CultureInfo.InvariantCulture, row, i, 1 + (i % 9), i < 8 ? "train" : "test")
        );
        BufferedCommandResult init = await tool.Run("init", "own.yaml", "--data", "music");
        Assert.That(init.ExitCode, Is.Zero, init.StandardError);
        Assert.That(File.ReadAllLines(tool.PathOf("own.yaml")).Select(l => l.Trim()), Is.SupersetOf(expected));
        BufferedCommandResult data = await tool.Run("validate", "own.yaml", "--data");
        Assert.That(data.ExitCode, Is.Zero, data.StandardOutput + data.StandardError);
    }

    [Test]
    [Category("Slow")]
    [Explicit("A process for each; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Every_attack_and_corruption_makes_a_valid_benchmark()
    {
        using var tool = new MerBenchTool();
        JsonArray plugins = JsonNode.Parse((await tool.Run("list", "--json")).StandardOutput)!.AsArray();
        // These are made of other attacks, or need a recording of a room.
        string[] ids =
        [
            .. plugins
                .Where(p => (string)p!["kind"]! is "attack" or "corruption")
                .Select(p => (string)p!["id"]!)
                .Except(["ensemble", "transfer", "over-the-air"], StringComparer.Ordinal),
        ];
        Assert.That(ids, Has.Length.GreaterThan(20));
        foreach (string id in ids)
        {
            BufferedCommandResult init = await tool.Run("init", $"{id}.yaml", "--model", "ridge", "--attack", id, "-q");
            Assert.That((init.ExitCode, init.StandardError), Is.EqualTo((0, "")), id);
        }
    }

    [Test]
    public async Task A_models_file_is_looked_at_before_it_is_used()
    {
        using var tool = new MerBenchTool();
        File.WriteAllBytes(tool.PathOf("my model.onnx"), Convert.FromBase64String(ModelFileTests.Hardmax));
        tool.Write("notes.txt", "no model");
        BufferedCommandResult followed = await tool.Run("init", "a.yaml", "--model", "my model.onnx"),
            searched = await tool.Run("init", "a.yaml", "--model", "my model.onnx", "--attack", "square"),
            none = await tool.Run("init", "b.yaml", "--model", "notes.txt");
        Assert.That(followed.ExitCode, Is.EqualTo(3));
        Assert.That(
            followed.StandardError,
            Does.Contain("do not go together").And.Contain("'pgd' follows gradients, and model 'my-model' has none")
        );
        Assert.That(searched.ExitCode, Is.Zero, searched.StandardError);
        Assert.That(
            File.ReadAllText(tool.PathOf("a.yaml")),
            Does.Contain("  my-model: { use: onnx, with: { path: \"my model.onnx\" } }\n")
        );
        Assert.That((await tool.Run("validate", "a.yaml")).ExitCode, Is.Zero);
        string module = Path.Combine(MerBenchTool.Repository, "tests", "MerBench.Models.Tests", "fixtures", "torchscript_waveform.pt");
        BufferedCommandResult traced = await tool.Run("init", "traced.yaml", "--model", module);
        Assert.That(traced.ExitCode, Is.Zero, traced.StandardError);
        Assert.That(
            File.ReadAllText(tool.PathOf("traced.yaml")),
            Does.Contain("  torchscript_waveform: { use: torchscript, with: { path: ")
        );
        Assert.That(none.ExitCode, Is.EqualTo(3));
        Assert.That(none.StandardError, Does.Contain("is no file that a model is made from"));
        Assert.That(tool.PathOf("b.yaml"), Does.Not.Exist);
    }

    [Test]
    public async Task A_models_file_gets_recordings_as_they_are_and_it_is_said_on_which_scale_it_is_taken_to_answer()
    {
        using MerBenchTool tool = WithMusic("song,valence,arousal\n", i => $"song{i:00},{1 + (i % 9)},{9 - (i % 9)}");
        File.Copy(
            Path.Combine(MerBenchTool.Repository, "tests", "MerBench.Models.Tests", "fixtures", "exported_plain.pt"),
            tool.PathOf("net.pt")
        );
        BufferedCommandResult init = await tool.Run("init", "own.yaml", "--data", "music", "--model", "net.pt");
        Assert.That(init.ExitCode, Is.Zero, init.StandardError);
        const string said = "emotions: { valence: { scale: [1, 9] }, arousal: { scale: [1, 9] } }";
        Assert.That(
            init.StandardError,
            Does.Contain(
                $"is taken to answer on the scale 0 to 1. Where it answers on 1 to 9, as the ratings are, add to its 'with': {said}"
            )
        );

        // What it says can be written where it says.
        string yaml = File.ReadAllText(tool.PathOf("own.yaml"));
        Assert.That(yaml, Does.Contain("\nfront-end: log-mel "));
        tool.Write("own.yaml", yaml.Replace("net.pt }", $"net.pt, {said} }}", StringComparison.Ordinal));
        Assert.That(File.ReadAllText(tool.PathOf("own.yaml")), Is.Not.EqualTo(yaml));
        BufferedCommandResult validate = await tool.Run("validate", "own.yaml");
        Assert.That(validate.ExitCode, Is.Zero, validate.StandardError);
    }

    [TestCase("There is no folder nowhere", "--data", "nowhere")]
    [TestCase("holds no audio", "--data", "empty")]
    [TestCase("holds no table of ratings", "--data", "music/clips")]
    [TestCase("names the 12 audio files", "--data", "music", "--ratings", "others.csv")]
    [TestCase("has no column of ratings", "--data", "music", "--ratings", "words.csv")]
    [TestCase("is no table: it is a RIFF file", "--data", "music", "--ratings", "music/clips/song00.wav")]
    [TestCase("--ratings belongs to --data", "--ratings", "others.csv")]
    [TestCase("there is no attack or corruption 'pdg'; did you mean 'pgd'?", "--attack", "pdg")]
    [TestCase("there is no model 'rigde' or a file; did you mean 'ridge'?", "--model", "rigde")]
    public async Task What_cannot_be_is_said_in_a_sentence_and_nothing_is_written(string reason, params string[] options)
    {
        using MerBenchTool tool = WithMusic();
        Directory.CreateDirectory(tool.PathOf("empty"));
        tool.Write("others.csv", "id,valence\nsomething,1\nelse,2\n");
        tool.Write("words.csv", $"id,comment\n{string.Join('\n', Enumerable.Range(0, 12).Select(i => $"song{i:00},nice"))}\n");
        BufferedCommandResult result = await tool.Run(["init", "own.yaml", .. options]);
        Assert.That((result.ExitCode, result.StandardOutput), Is.EqualTo((3, "")));
        Assert.That(result.StandardError, Does.StartWith("error: ").And.Contain(reason));
        Assert.That(tool.PathOf("own.yaml"), Does.Not.Exist);
    }

    [TestCase("github", ".github/workflows/robustness.yml")]
    [TestCase("gitlab", ".gitlab-ci.yml")]
    public async Task One_command_makes_a_build_server_verify(string server, string file)
    {
        using var tool = new MerBenchTool();
        tool.Write(
            "benchmarks/small.yaml",
            "dataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { n: { use: noise, severities: "
                + "[3] } }\n"
        );
        BufferedCommandResult init = await tool.Run("init", "benchmarks/small.yaml", "--ci", server);
        Assert.That(init.ExitCode, Is.Zero, init.StandardError);
        Assert.That(init.StandardOutput, Does.Contain(file).And.Contain("verify benchmarks/small.yaml --accept"));
        string written = File.ReadAllText(tool.PathOf(file));
        Assert.That(written, Does.Contain("dotnet merbench verify benchmarks/small.yaml --junit").And.Not.Contain("*.yaml"));
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(tool.PathOf(".config/dotnet-tools.json")))!;
        Assert.That((string)manifest["tools"]!["dotnet-merbench"]!["commands"]![0]!, Is.EqualTo("dotnet-merbench"));
        BufferedCommandResult again = await tool.Run("init", "benchmarks/small.yaml", "--ci", server);
        Assert.That(again.ExitCode, Is.EqualTo(3));
        Assert.That(again.StandardError, Does.Contain($"{file} exists already"));

        // The line that the server runs, as it stands.
        Assert.That((await tool.Run("verify", "benchmarks/small.yaml", "--accept", "-q")).ExitCode, Is.Zero);
        string line = written.Split('\n').Single(l => l.Contains("merbench verify", StringComparison.Ordinal));
        BufferedCommandResult verify = await InstalledProgram.Run(
            tool,
            "sh",
            "-c",
            line[line.IndexOf("dotnet", StringComparison.Ordinal)..]
        );
        Assert.That(verify.ExitCode, Is.Zero, verify.StandardOutput + verify.StandardError);
    }

    [Test]
    public async Task A_manifest_at_the_root_is_enough_for_a_build_server()
    {
        using var tool = new MerBenchTool();
        tool.Write("dotnet-tools.json", """{ "version": 1, "isRoot": true, "tools": {} }""");
        BufferedCommandResult init = await tool.Run("init", "bench.yaml", "--ci", "github");
        Assert.That(init.ExitCode, Is.Zero, init.StandardError);
        Assert.That(tool.PathOf(".github/workflows/robustness.yml"), Does.Exist);
        Assert.That(tool.PathOf(".config/dotnet-tools.json"), Does.Not.Exist);
    }

    [Test]
    public async Task A_build_server_does_not_see_other_repositories()
    {
        using var tool = new MerBenchTool();
        tool.Write("sub/here.txt", "");
        BufferedCommandResult outside = await tool.Command("init", "../bench.yaml", "--ci", "github")
            .WithWorkingDirectory(tool.PathOf("sub"))
            .ExecuteBufferedAsync();
        Assert.That(outside.ExitCode, Is.EqualTo(3));
        Assert.That(outside.StandardError, Does.Contain("a build server sees the repository alone"));
        Assert.That(tool.PathOf("bench.yaml"), Does.Not.Exist);
    }

    [Test]
    public async Task On_a_terminal_it_asks_and_enter_takes_the_quickstart()
    {
        InstalledProgram.Require("script");
        using var tool = new MerBenchTool();
        tool.Variables["TERM"] = "xterm";
        BufferedCommandResult result = await Answer(tool, "\r");
        Assert.That(result.StandardOutput, Does.Contain("What shall be measured?"), result.StandardError);
        Assert.That(File.ReadAllText(tool.PathOf("quickstart.yaml")), Does.Contain("name: quickstart"));
    }

    private static async Task<BufferedCommandResult> Answer(MerBenchTool tool, string keys)
    {
        string asked = $"dotnet '{MerBenchTool.Assembly}' init";
        string typed = keys.Replace("\r", "\\r", StringComparison.Ordinal);
        return await Cli.Wrap("sh")
            .WithArguments(["-c", $"(sleep 3; printf '%b' '{typed}'; sleep 3) | timeout 60 script -qec \"{asked}\" /dev/null"])
            .WithWorkingDirectory(tool.Folder)
            .WithEnvironmentVariables(tool.Variables)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
    }

    private static MerBenchTool WithMusic() =>
        WithMusic(Header, i => FormattableString.Invariant($"{i},song{i:00},artist{i / 2},{1 + (i % 9)},{9 - (i % 9)},0.5,0.4,2001"));

    private static MerBenchTool WithMusic(string header, Func<int, string> row)
    {
        var tool = new MerBenchTool();
        Directory.CreateDirectory(tool.PathOf("music/clips"));
        var rows = new List<string>();
        for (int i = 0; i < 12; i++)
        {
            SoundFiles.WriteTone(tool.PathOf($"music/clips/song{i:00}.wav"), 200 + (30 * i));
            rows.Add(row(i));
        }

        tool.Write("music/ratings.csv", header + string.Join('\n', rows) + "\n");
        return tool;
    }
}
