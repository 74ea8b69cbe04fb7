using System.Text;
using MerBench.Datasets.AudioCsv;

namespace MerBench.Tests;

/// <summary>A folder of audio files (with a few bytes each: nothing here decodes them) and a table.</summary>
internal sealed class Collection : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("merbench-").FullName;

    public Collection(string table, params IEnumerable<string> audioFiles)
    {
        Directory.CreateDirectory(Audio);
        File.WriteAllText(Table, table, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        foreach (string file in audioFiles)
            AddAudio(file, file);
        Options = new AudioCsvOptions(
            Audio,
            Table,
            ["valence", "energy"],
            new RatingScale(1, 9),
            Split: new SplitOptions(Ratio: [0.5, 0, 0.5])
        );
    }

    public string Audio => Path.Combine(_folder, "audio");

    public string Table => Path.Combine(_folder, "ratings.csv");

    public AudioCsvOptions Options { get; set; }

    /// <summary>Clips 01, 02, ... each with a WAV file, rated 1 to 9 by turns, in groups of three.</summary>
    public static Collection Of(int clips)
    {
        var table = new StringBuilder("id,valence,energy,artist\n");
        string[] ids = [.. Enumerable.Range(1, clips).Select(i => i.ToString("00", System.Globalization.CultureInfo.InvariantCulture))];
        for (int i = 0; i < clips; i++)
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"{ids[i]},{1 + (i % 9)},{9 - (i % 9)},artist {i / 3}\n");
        return new Collection(table.ToString(), ids.Select(id => id + ".wav"));
    }

    public void AddAudio(string file, string content)
    {
        string path = Path.Combine(Audio, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public string AddText(string file, string content)
    {
        string path = Path.Combine(_folder, file);
        File.WriteAllText(path, content);
        return path;
    }

    public DatasetContent Load() => new AudioCsvDataset(Options).Load(CancellationToken.None);

    /// <summary>The message with which loading fails.</summary>
    public string Refusal() => Assert.Throws<PluginUserException>(() => Load())!.Message;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
