using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Inputs that tools have taken for something else in silence, as a user meets them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InputTests
{
    private const int Rate = 22_050;

    [Test]
    public async Task Names_and_numbers_and_models_of_waveforms_are_refused_at_their_places()
    {
        using var tool = new MerBenchTool();
        string module = Path.Combine(MerBenchTool.Repository, "tests", "MerBench.Models.Tests", "fixtures", "torchscript_waveform.pt");
        string written = tool.Write(
            "written.yaml",
            """
            name: ../../escaped
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models: { '': ridge }
            perturbations: { p: { use: pgd, budgets: { linf: [0,03], l2: [010] } } }
            """
        );
        string waveform = tool.Write(
            "waveform.yaml",
            $$"""
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models: { wave: { use: torchscript, with: { path: {{module}}, input: waveform } } }
            perturbations:
              pgd: { use: pgd, domain: features, budgets: { linf: [0.01] } }
            """
        );
        BufferedCommandResult result = await tool.Run("validate", written),
            heard = await tool.Run("validate", waveform);
        Assert.That((result.ExitCode, heard.ExitCode), Is.EqualTo((3, 3)));
        string[] places =
        [
            .. result.StandardError.Trim().Split('\n').Select(l => l.Replace("error: ", "")[(written.Length + 1)..].Split(": ")[0]),
        ];
        Assert.That(places, Is.EqualTo(new[] { "1:7", "3:11", "4:53", "4:63" }), result.StandardError);
        Assert.That(heard.StandardError, Does.Contain($"{waveform}:4:8: 'pgd' perturbs features, and model 'wave' reads waveforms"));
        Assert.That(heard.StandardError, Does.Contain("write 'domain: waveform'"));
    }

    [Test]
    public async Task Validate_and_run_say_the_same_of_recordings()
    {
        InstalledFfmpeg.OrSkip();
        using var tool = new MerBenchTool();
        short[] sound = Sound();
        string file = Dataset(
            tool,
            ("a.wav", Wave(sound)),
            ("b.WAV", Wave(sound)),
            ("zeros.wav", Wave(new short[Rate])),
            ("opposite.wav", Wave([.. sound.SelectMany(s => new[] { s, (short)-s })], channels: 2)),
            ("click.wav", Wave([.. new short[Rate], 20_000, .. new short[Rate]])),
            ("short.wav", Wave(sound[..2000])),
            ("cut.wav", Wave(sound)[..20_000]),
            ("page.mp3", "<!DOCTYPE html><html>"u8.ToArray())
        );
        BufferedCommandResult validated = await tool.Run("validate", file, "--data"),
            ran = await tool.Run("run", file);
        Assert.That((validated.ExitCode, ran.ExitCode), Is.EqualTo((3, 3)), validated.StandardOutput + ran.StandardError);
        string[] found = Problems(validated.StandardOutput);
        Assert.That(found, Is.EquivalentTo(Problems(ran.StandardError)));
        Assert.That(found, Has.Length.EqualTo(6));
        Assert.That(found, Has.Exactly(2).Contains("silent").And.Exactly(2).Contains("too short").And.One.Contains("(HTML)"));

        static string[] Problems(string text) =>
            [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("clip '", StringComparison.Ordinal))];
    }

    [Test]
    [Category("Slow")]
    [Explicit("Four verbs for one remark; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_recording_that_is_used_with_a_loss_is_remarked_in_validate_in_run_and_in_a_run_from_the_cache()
    {
        InstalledFfmpeg.OrSkip();
        using var tool = new MerBenchTool();
        byte[] longer = Wave(Sound());
        BinaryPrimitives.WriteInt32LittleEndian(longer.AsSpan(40), Rate);
        byte[] streamed = Wave(Sound());
        BinaryPrimitives.WriteUInt32LittleEndian(streamed.AsSpan(40), 0xffff_ffff);
        string file = Dataset(
            tool,
            [("longer.wav", longer), ("streamed.wav", streamed), .. Enumerable.Range(0, 8).Select(i => ($"{i}.wav", Wave(Sound())))]
        );
        const string Remark = "longer.wav: its header says 0.5 s, and 66 150 bytes more stand behind them, which are not read.";
        BufferedCommandResult validated = await tool.Run("validate", file, "--data"),
            ran = await tool.Run("run", file),
            again = await tool.Run("run", file);
        Assert.That(
            (validated.ExitCode, ran.ExitCode, again.ExitCode),
            Is.EqualTo((0, 0, 0)),
            validated.StandardOutput + ran.StandardError
        );
        Assert.That(validated.StandardOutput, Does.Contain(Remark).And.Contain("The dataset can be used."));
        Assert.That(ran.StandardError, Does.Contain(Remark));
        Assert.That(again.StandardError, Does.Contain(Remark));
        Assert.That((string?)tool.Results("music")["dataset"]!["remarks"]!.AsArray().Single(), Does.EndWith(Remark));
    }

    [Test]
    public async Task Wrapped_weights_are_loaded_and_said_and_predictions_without_end_are_the_models_fault()
    {
        using var tool = new MerBenchTool();
        const string Network = "use: vgg, with: { width: 0.125 }";
        const string Data = "dataset: { use: cues, with: { clips: 20, seconds: 1 } }\n";
        string train = tool.Write(
            "train.yaml",
            $"{Data}models: {{ v: {{ {Network}, train: {{ epochs: 1 }} }} }}\nperturbations: {{ n: {{ use: noise, severities: [1] }} }}\n"
        );
        Assert.That((await tool.Run("run", train)).ExitCode, Is.Zero);
        byte[] weights = File.ReadAllBytes(
            Directory.EnumerateFiles(tool.PathOf(".merbench"), "weights.safetensors", SearchOption.AllDirectories).Single()
        );
        File.WriteAllBytes(tool.PathOf("wrapped.safetensors"), Rewrite(weights, name => "module." + name, 1));
        File.WriteAllBytes(tool.PathOf("huge.safetensors"), Rewrite(weights, name => name, 1e38f));
        string file = tool.Write(
            "strange.yaml",
            $$"""
            {{Data}}models:
              wrapped: { {{Network}}, weights: wrapped.safetensors }
              huge: { {{Network}}, weights: huge.safetensors }
            perturbations: { fgsm: { use: fgsm, budgets: { linf: [0.01] } } }
            """
        );
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        Assert.That(result.StandardError, Does.Contain("wrapped.safetensors: all names in it begin with 'module.'"));
        JsonNode[] cells = [.. tool.Results("strange")["cells"]!.AsArray().Select(c => c!)];
        Assert.That(cells[0]["failure"], Is.Null);
        Assert.That(
            (string?)cells[1]["failure"],
            Does.Match("vgg predicts (NaN|infinity|.*as good as infinity,) for the clean clip 'cues-")
        );
        Assert.That((string?)cells[1]["failure"], Does.Not.Contain("JSON").And.Not.Contain("fgsm"));
    }

    // Multiplies all numbers, as far as they stay finite.
    private static byte[] Rewrite(byte[] safetensors, Func<string, string> rename, float factor)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(safetensors);
        JsonObject header = JsonNode.Parse(safetensors.AsSpan(8, length))!.AsObject();
        byte[] values = safetensors[(8 + length)..];
        var renamed = new JsonObject();
        foreach ((string name, JsonNode? entry) in header.Where(e => e.Key != "__metadata__"))
        {
            renamed[rename(name)] = entry!.DeepClone();
            if ((string?)entry["dtype"] != "F32")
                continue;
            int start = (int)entry["data_offsets"]![0]!,
                end = (int)entry["data_offsets"]![1]!;
            foreach (ref float value in MemoryMarshal.Cast<byte, float>(values.AsSpan(start, end - start)))
                value = Math.Clamp(value * factor, float.MinValue, float.MaxValue);
        }

        byte[] json = System.Text.Encoding.UTF8.GetBytes(renamed.ToJsonString());
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. values];
    }

    private static short[] Sound() => [.. Enumerable.Range(0, 2 * Rate).Select(i => (short)(8000 * Math.Sin(0.1 * i)))];

    private static string Dataset(MerBenchTool tool, params IEnumerable<(string Name, byte[] Content)> recordings)
    {
        Directory.CreateDirectory(tool.PathOf("audio"));
        var table = new List<string> { "file,valence,energy" };
        foreach ((string name, byte[] content) in recordings)
        {
            File.WriteAllBytes(Path.Combine(tool.PathOf("audio"), name), content);
            table.Add($"{name.Replace(".WAV", ".wav")},0.{table.Count},0.{(3 * table.Count) % 10}");
        }

        tool.Write("ratings.csv", string.Join('\n', table));
        return tool.Write(
            "music.yaml",
            """
            dataset:
              use: audio-csv
              with:
                { audio: audio, ratings: ratings.csv, file-column: file, emotions: [valence, energy], scale: { min: 0, max: 1 }, seconds: 0.5,
                  minimum-seconds: 0.2, split: { ratio: [0.6, 0.1, 0.3] } }
            models: { ridge: ridge }
            perturbations: { noise: { use: noise, severities: [1] } }
            evaluation: { examples: 0 }
            """
        );
    }

    private static byte[] Wave(short[] samples, int channels = 1)
    {
        byte[] file = new byte[44 + (2 * samples.Length)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        file[16] = 16;
        file[20] = 1;
        file[22] = (byte)channels;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 2 * channels * Rate);
        file[32] = (byte)(2 * channels);
        file[34] = 16;
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * samples.Length);
        MemoryMarshal.AsBytes<short>(samples).CopyTo(file.AsSpan(44));
        return file;
    }
}
