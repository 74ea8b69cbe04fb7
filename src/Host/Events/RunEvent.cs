using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Training;

namespace MerBench.Host.Events;

/// <summary>What a run tells those who watch it. Events come from several threads, one at a time.</summary>
public abstract record RunEvent
{
    private RunEvent() { }

    /// <summary>The benchmark is valid and its matrix is known.</summary>
    public sealed record Planned(RunPlan Plan) : RunEvent;

    /// <summary>libtorch computes wrongly as it is on this processor.</summary>
    /// <param name="Remark">What is wrong, what is done, and what it costs.</param>
    public sealed record ArithmeticChosen(string Remark) : RunEvent;

    /// <summary>Something about the data that does not keep it from being used, and that nobody should overlook.</summary>
    public sealed record DataRemarked(string Remark) : RunEvent;

    /// <summary>The same about a model.</summary>
    public sealed record ModelRemarked(string Remark) : RunEvent;

    /// <summary>The store held something damaged, which is computed again.</summary>
    public sealed record EntryPutAside(PutAside Entry) : RunEvent;

    /// <summary>Clips are decoded and turned into features.</summary>
    public sealed record Preparing(PreparationProgress Progress) : RunEvent;

    /// <summary>The store was asked: this many models and cells still have to be computed.</summary>
    /// <param name="Workers">How many compute at the same time.</param>
    public sealed record Resumed(int FinishedCells, int CellsToRun, int ModelsToTrain, int Workers = 1) : RunEvent;

    /// <summary>Code of others runs in this process though nobody asked for that, or a limit cannot be enforced.</summary>
    public sealed record NotIsolated(string Remark) : RunEvent;

    /// <summary>A worker process works still; nothing else is new.</summary>
    public sealed record WorkerAlive : RunEvent;

    /// <summary>A worker process left work behind that does not end: after the cell that it is at, it is replaced.</summary>
    public sealed record WorkerSpent : RunEvent;

    /// <summary>A worker process has loaded everything and waits for cells.</summary>
    public sealed record WorkerReady(string Worker, int Process) : RunEvent;

    /// <summary>A worker process wrote a line of its own, as plugins may.</summary>
    public sealed record WorkerSaid(string Worker, string Line) : RunEvent;

    /// <summary>A worker process cannot store what it computes, and ends.</summary>
    public sealed record WorkerCannotStore(string Reason) : RunEvent;

    /// <summary>A worker process ended before its time, or was ended.</summary>
    /// <param name="Cell">The cell that is tried once more; null where it has failed, or where there was none.</param>
    public sealed record WorkerLost(string Worker, string Reason, Cell? Cell) : RunEvent;

    /// <summary>A model is built, and its weights are read.</summary>
    public sealed record ModelBegun(string Model, int Seed) : RunEvent;

    /// <summary>A model is not in the store, and is trained or fitted now.</summary>
    public sealed record TrainingBegun(string Model, int Seed) : RunEvent;

    /// <summary>Batches of an epoch are over.</summary>
    /// <param name="Share">Of the epoch, 0 to 1.</param>
    public sealed record TrainingStepped(string Model, int Seed, int Epoch, double Share, int MostEpochs) : RunEvent;

    /// <summary>An epoch is over; the first one of a training that goes on from a checkpoint is not number 1.</summary>
    public sealed record Training(string Model, int Seed, TrainingProgress Progress, int MostEpochs) : RunEvent;

    public sealed record Trained(string Model, int Seed, TrainedModel Outcome) : RunEvent;

    /// <summary>The cell's model is ready, and its perturbation begins.</summary>
    public sealed record CellBegun(Cell Cell) : RunEvent;

    /// <summary>Clips were perturbed.</summary>
    /// <param name="Share">0 to 1; at 1 all clips are done and checks begin.</param>
    public sealed record CellProgressed(Cell Cell, double Share) : RunEvent;

    /// <summary>The benchmark does not say how many clips a batch are attacked together; so many are fastest here.</summary>
    /// <param name="Model">The model's plugin.</param>
    /// <param name="IsRemembered">Whether that was found by an earlier run.</param>
    public sealed record BatchChosen(string Model, int Batch, bool IsRemembered) : RunEvent;

    /// <summary>The device ran out of memory; the cell begins again, with this many clips a batch.</summary>
    public sealed record BatchHalved(Cell Cell, int Batch) : RunEvent;

    public sealed record CellFinished(CellOutcome Outcome) : RunEvent;

    /// <summary>A clip is made audible; counts from 1.</summary>
    public sealed record FindingAudio(Cell Cell, string Clip, int Number, int Total) : RunEvent;

    /// <summary>All cells had their turn; what is done with them takes time in large runs.</summary>
    /// <param name="What">What begins now, such as «computing statistics».</param>
    public sealed record Summarising(string What) : RunEvent;

    /// <summary>Results were written without something that goes beside them.</summary>
    /// <param name="What">Such as «figures».</param>
    public sealed record LeftOut(string What, string Reason) : RunEvent;
}
