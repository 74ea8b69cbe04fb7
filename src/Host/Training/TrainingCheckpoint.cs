using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>
/// Keeps a training between epochs, so that an interrupted one goes on where it was, to the same weights: weights, best weights, Adam's
/// moments and
/// the learning curve, in a folder <c>epoch-N</c> that is whole or not there.
/// </summary>
/// <param name="folder">A folder for this training alone; its name must stand for everything that the training depends on.</param>
/// <param name="interval">The least time between two checkpoints; half a minute by default.</param>
internal sealed class TrainingCheckpoint(string folder, TimeSpan? interval = null)
{
    private const string Weights = "weights.safetensors",
        Best = "best.safetensors",
        Adam = "adam.bin",
        Progress = "progress.json";

    private readonly TimeSpan _interval = interval ?? TimeSpan.FromSeconds(30);
    private long _written = Stopwatch.GetTimestamp();

    /// <summary>Saves the end of an epoch, unless the last checkpoint is recent.</summary>
    public void Save(TrainingProgressRecord progress, ITrainableModel model, IReadOnlyDictionary<string, Tensor> best, OptimizerHelper adam)
    {
        if (Stopwatch.GetElapsedTime(_written) < _interval)
            return;
        string place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{progress.Curve.Count:D6}"));
        string temporary = Directory.CreateDirectory(Path.Combine(folder, $".{Path.GetRandomFileName()}")).FullName;
        WeightsFile.Save(model.State, Path.Combine(temporary, Weights));
        WeightsFile.Save(best, Path.Combine(temporary, Best));
        adam.save_state_dict(Path.Combine(temporary, Adam));
        File.WriteAllBytes(Path.Combine(temporary, Progress), JsonSerializer.SerializeToUtf8Bytes(progress, ResultJson.Options));
        string[] older = Directory.GetDirectories(folder, "epoch-*");
        Directory.Move(temporary, place);
        foreach (string old in older)
            Directory.Delete(old, recursive: true);
        _written = Stopwatch.GetTimestamp();
    }

    /// <summary>Puts a training back to its last checkpoint; null where there is none.</summary>
    /// <param name="best">Filled with the best weights so far; the caller owns the tensors.</param>
    /// <exception cref="UserErrorException">The checkpoint is damaged; it was deleted.</exception>
    public TrainingProgressRecord? Restore(ITrainableModel model, Dictionary<string, Tensor> best, OptimizerHelper adam)
    {
        if (!Directory.Exists(folder) || Directory.GetDirectories(folder, "epoch-*").Max(StringComparer.Ordinal) is not { } last)
            return null;
        try
        {
            TrainingProgressRecord progress = JsonSerializer.Deserialize<TrainingProgressRecord>(
                File.ReadAllBytes(Path.Combine(last, Progress)),
                ResultJson.Options
            )!;
            using var frozen = no_grad();
            foreach ((string name, Tensor tensor) in model.State)
                best[name] = tensor.detach().clone().DetachFromDisposeScope();
            WeightsFile.LoadInto(best, Path.Combine(last, Best));
            WeightsFile.LoadInto(model.State, Path.Combine(last, Weights));
            adam.load_state_dict(Path.Combine(last, Adam));
            return progress;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Delete();
            throw new UserErrorException(
                $"The checkpoint of an interrupted training, {last}, is damaged and was deleted; run again to train from the start. "
                    + $"({e.Message})",
                inner: e
            );
        }
    }

    /// <summary>Deletes the checkpoint of a training that is finished.</summary>
    public void Delete()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}

/// <summary>How far a training had come.</summary>
internal sealed record TrainingProgressRecord(int BestEpoch, IReadOnlyList<EpochRow> Curve, TimeSpan WallTime, TrainingCalls Calls);
