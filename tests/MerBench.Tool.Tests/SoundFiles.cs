using System.Text.Json.Nodes;

namespace MerBench.Tests;

/// <summary>Reads a folder of sounds and its index.</summary>
internal static class SoundFiles
{
    public static JsonNode Index(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index.json")))!;

    public static JsonNode[] Examples(JsonNode index) => [.. index["examples"]!.AsArray().Select(e => e!)];

    public static JsonNode Example(string folder, string perturbation) =>
        Examples(Index(folder)).Single(e => Text(e, "perturbation") == perturbation);

    public static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    public static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();

    public static double Gain(JsonNode example, string sound) => Math.Pow(10, Number(example["gainsDb"]!, sound) / 20);

    public static double Level(double[] samples) => 10 * Math.Log10(samples.Average(s => s * s));

    public static double[] Samples(JsonNode example, string sound, string folder)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(folder, Text(example["audio"]!, sound)));
        Assert.That(BitConverter.ToInt32(file, 40), Is.EqualTo(file.Length - 44));
        return [.. Enumerable.Range(0, (file.Length - 44) / 2).Select(i => BitConverter.ToInt16(file, 44 + (2 * i)) / 32768.0)];
    }

    /// <summary>A second of a sine, 16 bits at 22050 Hz.</summary>
    public static void WriteTone(string path, double frequency)
    {
        const int rate = 22050;
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * rate));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * rate);
        for (int i = 0; i < rate; i++)
            writer.Write((short)(9000 * Math.Sin(2 * Math.PI * frequency * i / rate)));
    }

    public static Dictionary<string, string> Contents(string folder) =>
        Directory
            .GetFiles(folder)
            .ToDictionary(
                f => Path.GetFileName(f),
                f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))
            );
}
