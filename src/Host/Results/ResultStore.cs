using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Host.Weights;

namespace MerBench.Host.Results;

/// <summary>
/// Finished work by content key: cells, trained models, audio that was searched for. What is asked for by name may be damaged; what is
/// read or opened is as it was written, and counts as not there where it is not.
/// </summary>
public sealed class ResultStore
{
    private const string CellFile = "cell.json",
        ClipsFile = "clips.parquet",
        ExamplesFile = "examples.safetensors",
        TrainingFile = "training.json";

    /// <summary>What a model's weights are called in its folder.</summary>
    internal const string WeightsFile = "weights.safetensors";

    private readonly FolderEntries _cells,
        _models,
        _checkpoints;
    private readonly FileEntries _resynthesis;

    /// <param name="root">The store's folder.</param>
    /// <param name="tell">Hears of entries that are put aside.</param>
    public ResultStore(string root, Action<PutAside>? tell = null)
    {
        Folder = new StoreFolder(root, tell);
        _cells = new FolderEntries(Folder, EntryKind.Cells);
        _models = new FolderEntries(Folder, EntryKind.Models);
        _checkpoints = new FolderEntries(Folder, EntryKind.Checkpoints);
        _resynthesis = new FileEntries(Folder, EntryKind.Resynthesis);
    }

    /// <summary>The store with all its kinds.</summary>
    public StoreFolder Folder { get; }

    public string Root => Folder.Path;

    /// <summary>The folder of a finished cell by its name, or null.</summary>
    public string? FindCell(string key) => _cells.Has(key) ? _cells.PathOf(key) : null;

    /// <summary>The clip rows of a finished cell, or null.</summary>
    public string? FindClips(string key) => FindInCell(key, ClipsFile);

    /// <summary>The kept inputs of a finished cell, or null where none were kept.</summary>
    public string? FindExamples(string key) => FindInCell(key, ExamplesFile);

    /// <summary>The folder of a trained model by its name, or null.</summary>
    public string? FindModel(string key) => _models.Has(key) ? _models.PathOf(key) : null;

    /// <summary>Reads a finished cell, all of whose files are whole then.</summary>
    public CellResult? ReadCell(string key)
    {
        if (_cells.Open(key, folder => FindFaultOfOldCell(folder, key)) is not { } folder)
            return null;
        if (ReadJson<CellResult>(folder, CellFile) is { } result)
            return result;
        _cells.PutAside(key, $"{CellFile} is of another version of MerBench");
        return null;
    }

    /// <param name="writeExamples">Writes kept inputs to a path; null where there are none.</param>
    /// <exception cref="DiskException">The cell cannot be stored.</exception>
    public void WriteCell(CellResult result, Action<Stream> writeClips, Action<string>? writeExamples = null) =>
        _cells.Write(
            result.Key,
            folder =>
            {
                // At once: the writer of tables writes some bytes at a time, each of which a file system of a network waits for.
                using var clips = new MemoryStream();
                writeClips(clips);
                AtomicFile.Write(Path.Combine(folder, ClipsFile), clips.ToArray());
                writeExamples?.Invoke(Path.Combine(folder, ExamplesFile));
                AtomicFile.Write(Path.Combine(folder, CellFile), JsonSerializer.SerializeToUtf8Bytes(result, ResultsJson.Written));
            }
        );

    /// <summary>The folder of a trained model, all of whose files are whole; null where there is none.</summary>
    public string? OpenModel(string key) => _models.Open(key, folder => FindFaultOfOldModel(folder, key));

    /// <summary>How a model came to be; null where it is not in the store.</summary>
    public TrainedModel? ReadTraining(string key)
    {
        if (_models.Open(key, folder => FindFaultOfOldModel(folder, key), only: TrainingFile) is not { } folder)
            return null;
        if (ReadJson<TrainedModel>(folder, TrainingFile) is { } training)
            return training;
        PutModelAside(key, $"{TrainingFile} is of another version of MerBench");
        return null;
    }

    /// <summary>Moves a model away that turned out not to be usable.</summary>
    public void PutModelAside(string key, string reason) => _models.PutAside(key, reason);

    /// <summary>Stores a trained model and drops its checkpoints; returns its folder.</summary>
    /// <exception cref="DiskException">The model cannot be stored.</exception>
    public string WriteModel(string key, Action<string> writeInto, object training)
    {
        string place = _models.Write(
            key,
            folder =>
            {
                writeInto(folder);
                AtomicFile.Write(Path.Combine(folder, TrainingFile), JsonSerializer.SerializeToUtf8Bytes(training, ResultsJson.Written));
            }
        );
        DropCheckpoints(key);
        return place;
    }

    /// <summary>Copies a finished cell into another store; false where there is none, or where the other one has it.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public bool CopyCell(string key, ResultStore into) => ReadCell(key) is not null && into._cells.Copy(key, _cells.PathOf(key));

    /// <summary>The same for a trained model.</summary>
    /// <exception cref="DiskException">It cannot be written.</exception>
    public bool CopyModel(string key, ResultStore into) => OpenModel(key) is { } folder && into._models.Copy(key, folder);

    /// <summary>Audio that was searched for once; null where it was not.</summary>
    internal IReadOnlyDictionary<string, StoredTensor>? ReadResynthesis(string key) =>
        _resynthesis.Read(key, old => TryParse(old) is null ? null : old) is { } content ? TryParse(content.ToArray()) : null;

    internal void WriteResynthesis(string key, IReadOnlyDictionary<string, StoredTensor> audio)
    {
        using var content = new MemoryStream();
        SafetensorsFile.Write(content, audio);
        _resynthesis.Write(key, content.ToArray());
    }

    private void DropCheckpoints(string key)
    {
        try
        {
            if (_checkpoints.Has(key))
                Directory.Delete(_checkpoints.PathOf(key), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // They take room, until 'merbench cache --clear' deletes them.
        }
    }

    private string? FindInCell(string key, string name)
    {
        if (FindCell(key) is not { } folder)
            return null;
        string file = Path.Combine(folder, name);
        return File.Exists(file) ? file : null;
    }

    // Of versions that wrote no checksums: whole as far as one can see.
    private static string? FindFaultOfOldCell(string folder, string key)
    {
        if (ReadJson<CellResult>(folder, CellFile) is not { } cell)
            return $"{CellFile} is missing or damaged";
        if (cell.Key != key)
            return $"{CellFile} is that of another cell";
        if (cell is not { Metrics.Count: > 0, ClippedMetrics: not null, OutOfRange: not null, Size: not null, ModelKey: not null })
            return $"{CellFile} is incomplete";
        return Tables.ClipTable.FindFault(Path.Combine(folder, ClipsFile), cell)
            ?? FindFaultOfWeights(folder, ExamplesFile, isOptional: true);
    }

    private static string? FindFaultOfOldModel(string folder, string key)
    {
        if (ReadJson<TrainedModel>(folder, TrainingFile) is not { Source: not null } training)
            return $"{TrainingFile} is missing or damaged";
        return training.Key == key
            ? FindFaultOfWeights(folder, WeightsFile, isOptional: false)
            : $"{TrainingFile} is that of another model";
    }

    private static string? FindFaultOfWeights(string folder, string name, bool isOptional)
    {
        string path = Path.Combine(folder, name);
        if (isOptional && !Path.Exists(path))
            return null;
        try
        {
            SafetensorsFile.Read(path);
            return null;
        }
        catch (UserErrorException e)
        {
            return e.Message.Replace(path, name, StringComparison.Ordinal);
        }
    }

    private static T? ReadJson<T>(string folder, string name)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(folder, name)), ResultsJson.Written);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IReadOnlyDictionary<string, StoredTensor>? TryParse(byte[] content)
    {
        try
        {
            return SafetensorsFile.Parse(content, "audio").Tensors;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }
}
