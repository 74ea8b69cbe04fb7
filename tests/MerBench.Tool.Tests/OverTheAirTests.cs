using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Rooms of the user's own, as corruption and before an attacked model.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class OverTheAirTests
{
    private const string Benchmark = """
        name: rooms
        dataset: { use: cues, with: { clips: 16, seconds: 1, emotions: [valence, energy] } }
        models:
          network: ridge
          played: { use: defended, with: { of: network, defences: [{ use: over-the-air, severity: 2, with: { rooms: responses } }] } }
        perturbations:
          room: { use: over-the-air, severities: [2], with: { rooms: responses } }
          fgsm: { use: fgsm, domain: waveform, budgets: { snr: [30] } }
        matrix: { exclude: [{ model: played, perturbation: room }] }
        metrics: [mae]
        """;

    [Test]
    [Category("Slow")]
    [Explicit("Rooms and defences are tested beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Harm_is_followed_through_rooms_and_a_new_response_makes_new_cells()
    {
        using var tool = new MerBenchTool();
        WriteResponse(tool, "dry.wav", 0.01);
        WriteResponse(tool, "wet.wav", 0.5);
        string file = tool.Write("rooms.yaml", Benchmark);
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode row = tool.Results("rooms")["defences"]!.AsArray().Single()!;
        Assert.That((string?)row["model"], Is.EqualTo("played"));
        Assert.That((double)row["survival"]!, Is.InRange(0.1, 1.5));
        Assert.That(File.ReadAllText(tool.PathOf("merbench-results/rooms/results.md")), Does.Contain("| adapted survives |"));
        double before = Size(tool);
        Assert.That((await tool.Run("run", file)).StandardError, Does.StartWith("Nothing has changed"));
        Assert.That(Size(tool), Is.EqualTo(before));
        WriteResponse(tool, "dry.wav", 0.9);
        Assert.That((await tool.Run("run", file)).ExitCode, Is.Zero);
        Assert.That(Size(tool), Is.Not.EqualTo(before), "what the folder holds is part of the key");
    }

    [Test]
    public async Task A_file_that_is_no_response_is_refused_at_its_line_with_its_path()
    {
        using var tool = new MerBenchTool();
        WriteResponse(tool, "dry.wav", 0.01);
        tool.Write("responses/notes.wav", "no sound");
        BufferedCommandResult result = await tool.Run("validate", tool.Write("rooms.yaml", Benchmark));
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain("rooms.yaml:7:9: 'over-the-air' cannot be made with these options"));
        Assert.That(result.StandardError, Does.Contain($"'{tool.PathOf("responses/notes.wav")}': it is no WAV file"));
    }

    private static double Size(MerBenchTool tool)
    {
        JsonNode cell = tool.Results("rooms")["cells"]!.AsArray().Single(c => (string?)c!["perturbation"] == "room")!;
        return (double)cell["result"]!["size"]!["medianSnrDb"]!;
    }

    // 16 bits mono at 22050 Hz: the direct sound, and an echo 30 ms behind.
    private static void WriteResponse(MerBenchTool tool, string name, double echo)
    {
        var samples = new short[700];
        (samples[0], samples[660]) = (20_000, (short)(20_000 * echo));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * samples.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(22_050);
        writer.Write(44_100);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * samples.Length);
        foreach (short sample in samples)
            writer.Write(sample);
        tool.Write($"responses/{name}", "");
        File.WriteAllBytes(tool.PathOf($"responses/{name}"), bytes.ToArray());
    }
}
