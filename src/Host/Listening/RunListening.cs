using MerBench.Host.Data;
using MerBench.Host.Execution;
using MerBench.Host.Figures;
using MerBench.Host.Native;
using MerBench.Host.Results;

namespace MerBench.Host.Listening;

/// <summary>What can be heard of a run: a few examples in the folder <c>audio</c> of its results.</summary>
internal sealed class RunListening(RunPlan plan, PreparedDataset data, ResultStore store, RunKeys keys, TorchDevice device, TorchThread thread, Action<RunEvent> tell)
{
    public const string Folder = "audio";
    private const int Most = 10;

    public void Write(IReadOnlyList<CellOutcome> outcomes, IReadOnlyList<ConditionLogs> conditions, string folder, CancellationToken cancel)
    {
        if (plan.Definition.Examples == 0)
        {
            ListeningFolder.Clear(folder);
            return;
        }

        try
        {
            (IReadOnlyList<PerturbedClip> examples, IReadOnlyList<LeftOut> leftOut) = ExamplePicker.Pick(outcomes, conditions, store, Most);
            Write(examples, leftOut, folder, AudioFormat.Wav, cancel);
        }
        catch (UserErrorException problem)
        {
            // The results stand without it.
            tell(new RunEvent.AudioLeftOut(problem.Message));
        }
    }

    /// <summary>Finds the sound of examples and writes it.</summary>
    public ListeningIndex Write(IReadOnlyList<PerturbedClip> examples, IReadOnlyList<LeftOut> leftOut, string folder, AudioFormat format, CancellationToken cancel)
    {
        using var models = new ModelProvider(data, store, device.Device, plan.Definition.Precision, tell);
        var finder = new SoundFinder(data, store, keys, device.Device, models);
        var writer = new ListeningFolder(folder, plan.Definition.Name, data.Emotions.Names, data.SampleRate, format, draw: FigureWriter.Obstacle() is null);
        for (int i = 0; i < examples.Count; i++)
        {
            PerturbedClip example = examples[i];
            tell(new RunEvent.FindingAudio(example.Cell, example.Input.Clip, i + 1, examples.Count));
            writer.Add(example, thread.Run(token => finder.Find(example, token), Timeout.InfiniteTimeSpan, cancel));
        }

        thread.Run(_ => { models.Dispose(); return true; }, TimeSpan.FromMinutes(1), CancellationToken.None);
        return writer.Finish(leftOut);
    }
}
