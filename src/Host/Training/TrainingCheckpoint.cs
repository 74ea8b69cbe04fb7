using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Host.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>
/// Keeps a training between epochs, and between batches where it is told to end, so that it goes on where it was, to the same weights:
/// weights, best weights, Adam's moments and the learning curve, in a folder <c>epoch-N</c>, or <c>batch-N-B</c> within the epoch behind
/// it, that is whole or not there.
/// </summary>
/// <param name="key">Stands for everything that the training depends on.</param>
/// <param name="interval">The least time between two checkpoints; half a minute by default.</param>
internal sealed class TrainingCheckpoint(StoreFolder store, string key, TimeSpan? interval = null)
{
    private const string Weights = "weights.safetensors",
        Best = "best.safetensors",
        Adam = "adam.bin",
        Progress = "progress.json",
        OfEpoch = "epoch-",
        OfBatch = "batch-";

    private readonly string _folder = new FolderEntries(store, EntryKind.Checkpoints).PathOf(key);
    private readonly TimeSpan _interval = interval ?? TimeSpan.FromSeconds(30);
    private long _written = Stopwatch.GetTimestamp();

    /// <summary>Saves the end of an epoch, unless the last checkpoint is recent.</summary>
    /// <exception cref="DiskException">It cannot be saved.</exception>
    public void Save(TrainingProgressRecord progress, ITrainableModel model, IReadOnlyDictionary<string, Tensor> best, OptimizerHelper adam)
    {
        if (Stopwatch.GetElapsedTime(_written) >= _interval)
            SaveNow(progress, model, best, adam);
    }

    /// <summary>Saves a training that is told to end, unless just this is saved.</summary>
    /// <exception cref="DiskException">It cannot be saved.</exception>
    public void SaveNow(
        TrainingProgressRecord progress,
        ITrainableModel model,
        IReadOnlyDictionary<string, Tensor> best,
        OptimizerHelper adam
    )
    {
        string place = Path.Combine(_folder, NameOf(progress)),
            temporary = Path.Combine(_folder, TemporaryName.Create());
        if (Directory.Exists(place))
            return;
        try
        {
            Directory.CreateDirectory(temporary);
            WeightsFile.Save(model.State, Path.Combine(temporary, Weights));
            WeightsFile.Save(best, Path.Combine(temporary, Best));
            adam.save_state_dict(Path.Combine(temporary, Adam));
            File.WriteAllBytes(Path.Combine(temporary, Progress), JsonSerializer.SerializeToUtf8Bytes(progress, ResultJson.Options));
            EntryManifest.Write(temporary, EntryKind.Checkpoints.Name, KeyOf(place));
            string[] older = [.. ListPlaces().Where(Directory.Exists)];
            Directory.Move(temporary, place);
            foreach (string old in older)
                Directory.Delete(old, recursive: true);
        }
        catch (Exception e) when (DiskException.CanExplain(e))
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            throw store.Unwritable(place, e is DiskException ? e.InnerException! : e);
        }

        _written = Stopwatch.GetTimestamp();
    }

    /// <summary>Puts a training back to its last checkpoint; null where there is none, or none that is whole.</summary>
    /// <param name="best">Filled with the best weights so far; the caller owns the tensors.</param>
    public TrainingProgressRecord? Restore(ITrainableModel model, Dictionary<string, Tensor> best, OptimizerHelper adam)
    {
        if (FindLast() is not { } last)
            return null;
        // Those of versions that wrote no manifest are good when they can be read.
        string? fault =
            Directory.Exists(last) && !EntryManifest.IsIn(last)
                ? null
                : EntryManifest.FindFault(last, EntryKind.Checkpoints.Name, KeyOf(last));
        if (fault is null)
        {
            try
            {
                return Load(last, model, best, adam);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                fault = e.Message;
            }
        }

        store.PutAside(EntryKind.Checkpoints, last, $"{fault.Split('\n')[0]}; the training begins again");
        return null;
    }

    /// <summary>Deletes the checkpoint of a training that is finished.</summary>
    public void Delete()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private string? FindLast()
    {
        try
        {
            return Directory.Exists(_folder)
                ? ListPlaces().MaxBy(place => Path.GetFileName(place)[OfEpoch.Length..], StringComparer.Ordinal)
                : null;
        }
        catch (Exception e) when (DiskException.CanExplain(e))
        {
            throw store.Unwritable(_folder, e);
        }
    }

    // Versions that know of epochs alone do not see the others.
    private IEnumerable<string> ListPlaces() =>
        Directory
            .EnumerateFileSystemEntries(_folder)
            .Where(place =>
                Path.GetFileName(place) is var name
                && (name.StartsWith(OfEpoch, StringComparison.Ordinal) || name.StartsWith(OfBatch, StringComparison.Ordinal))
            );

    // Sorted as they follow each other: an epoch comes before the batches of the next one.
    private static string NameOf(TrainingProgressRecord progress) =>
        progress.Within is { } within
            ? string.Create(CultureInfo.InvariantCulture, $"{OfBatch}{progress.Curve.Count:D6}-{within.Batch:D9}")
            : string.Create(CultureInfo.InvariantCulture, $"{OfEpoch}{progress.Curve.Count:D6}");

    private string KeyOf(string place) => $"{key}/{Path.GetFileName(place)}";

    // What may fail comes before the first change of the model or of Adam.
    private static TrainingProgressRecord Load(string folder, ITrainableModel model, Dictionary<string, Tensor> best, OptimizerHelper adam)
    {
        TrainingProgressRecord progress = JsonSerializer.Deserialize<TrainingProgressRecord>(
            File.ReadAllBytes(Path.Combine(folder, Progress)),
            ResultJson.Options
        )!;
        using var frozen = no_grad();
        var kept = model.State.ToDictionary(s => s.Key, s => s.Value.detach().clone().DetachFromDisposeScope(), StringComparer.Ordinal);
        try
        {
            WeightsFile.LoadInto(kept, Path.Combine(folder, Best));
            using (var trial = optim.Adam(model.Parameters))
                trial.load_state_dict(Path.Combine(folder, Adam));
            WeightsFile.LoadInto(model.State, Path.Combine(folder, Weights));
        }
        catch
        {
            foreach (Tensor tensor in kept.Values)
                tensor.Dispose();
            throw;
        }

        adam.load_state_dict(Path.Combine(folder, Adam));
        foreach ((string name, Tensor tensor) in kept)
            best[name] = tensor;
        return progress;
    }
}

/// <summary>How far a training had come.</summary>
internal sealed record TrainingProgressRecord(int BestEpoch, IReadOnlyList<EpochRow> Curve, TimeSpan WallTime, TrainingCalls Calls)
{
    /// <summary>Where in the epoch behind the curve; null at its beginning.</summary>
    public PlaceInEpoch? Within { get; init; }
}

/// <summary>A place between two steps of an epoch.</summary>
/// <param name="Batch">The next one, from 0.</param>
/// <param name="IsStepped">Whether its step on clean clips is done, and the one on perturbed clips is not.</param>
/// <param name="LossSum">Of the batches before.</param>
/// <param name="Generator">State of torch's generator, which dropout draws from.</param>
internal sealed record PlaceInEpoch(int Batch, bool IsStepped, double LossSum, byte[] Generator);
