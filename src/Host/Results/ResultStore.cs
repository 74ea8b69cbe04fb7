using System.Text.Json;
using MerBench.Host.IO;

namespace MerBench.Host.Results;

/// <summary>
/// Finished work by content key: <c>cells/ab/abcd.../</c> and <c>models/ab/abcd.../</c>. An entry is a folder that is written beside its
/// place, flushed and renamed, so it is either whole or not there; two processes that finish the same work keep one of the two.
/// </summary>
public sealed class ResultStore(string root)
{
    private const string ClipsFile = "clips.parquet",
        ExamplesFile = "examples.safetensors";

    public string Root { get; } = root;

    /// <summary>The folder of a finished cell, or null.</summary>
    public string? FindCell(string key) => Existing(PathOf("cells", key), "cell.json");

    /// <summary>The clip rows of a finished cell, or null.</summary>
    public string? FindClips(string key) => FindInCell(key, ClipsFile);

    /// <summary>The kept inputs of a finished cell, or null where none were kept.</summary>
    public string? FindExamples(string key) => FindInCell(key, ExamplesFile);

    /// <summary>The folder of a trained model, or null.</summary>
    public string? FindModel(string key) => Existing(PathOf("models", key), "training.json");

    /// <summary>Reads a finished cell; a cell that cannot be read counts as not computed.</summary>
    public CellResult? ReadCell(string key)
    {
        if (FindCell(key) is not { } folder)
            return null;
        try
        {
            return JsonSerializer.Deserialize<CellResult>(File.ReadAllBytes(Path.Combine(folder, "cell.json")), ResultJson.Options);
        }
        catch (JsonException)
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }
    }

    /// <param name="writeExamples">Writes kept inputs to a path; null where there are none.</param>
    public void WriteCell(CellResult result, Action<Stream> writeClips, Action<string>? writeExamples = null) =>
        Write(
            PathOf("cells", result.Key),
            folder =>
            {
                using (FileStream clips = File.Create(Path.Combine(folder, ClipsFile)))
                {
                    writeClips(clips);
                    clips.Flush(flushToDisk: true);
                }

                writeExamples?.Invoke(Path.Combine(folder, ExamplesFile));
                WriteFlushed(Path.Combine(folder, "cell.json"), JsonSerializer.SerializeToUtf8Bytes(result, ResultJson.Options));
            }
        );

    /// <summary>Stores a trained model and drops its checkpoints; returns its folder.</summary>
    public string WriteModel(string key, Action<string> writeInto, object training)
    {
        string place = PathOf("models", key);
        Write(
            place,
            folder =>
            {
                writeInto(folder);
                WriteFlushed(Path.Combine(folder, "training.json"), JsonSerializer.SerializeToUtf8Bytes(training, ResultJson.Options));
            }
        );
        if (Directory.Exists(CheckpointFolder(key)))
            Directory.Delete(CheckpointFolder(key), recursive: true);
        return place;
    }

    /// <summary>Where the training of a model keeps its checkpoints until it is stored.</summary>
    public string CheckpointFolder(string key) => PathOf("checkpoints", key);

    /// <summary>Where audio that was searched for once is kept, written or not.</summary>
    public string PathOfResynthesis(string key) => PathOf("resynthesis", key) + ".safetensors";

    private string PathOf(string kind, string key) => Path.Combine(Root, kind, key[..2], key);

    private string? FindInCell(string key, string name)
    {
        if (FindCell(key) is not { } folder)
            return null;
        string file = Path.Combine(folder, name);
        return File.Exists(file) ? file : null;
    }

    private static string? Existing(string folder, string marker) => File.Exists(Path.Combine(folder, marker)) ? folder : null;

    private static void WriteFlushed(string path, byte[] content)
    {
        using FileStream stream = File.Create(path);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static void Write(string place, Action<string> writeInto)
    {
        string parent = Path.GetDirectoryName(place)!;
        Directory.CreateDirectory(parent);
        string temporary = Directory.CreateDirectory(Path.Combine(parent, $".{Path.GetRandomFileName()}")).FullName;
        try
        {
            writeInto(temporary);
            if (!Directory.Exists(place))
                Directory.Move(temporary, place);
        }
        catch (IOException) when (Directory.Exists(place))
        {
            // Another process finished the same work first; its entry has the same content.
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }
}
