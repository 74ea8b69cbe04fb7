using MerBench.Host;
using MerBench.Host.Cells;
using MerBench.Host.Events;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Reports.Figures;

namespace MerBench.Reports.Listening;

/// <summary>Makes clips of a run audible, with models from the session.Store.</summary>
internal sealed class RunListening(RunSession session) : IDisposable
{
    /// <summary>Where in its results a run puts what it picked.</summary>
    public const string Folder = "audio";

    private const int Most = 10;
    private readonly ModelProvider _models = new(
        session.Data,
        session.Store,
        session.Device,
        session.Plan.Definition.Precision,
        session.Tell
    )
    {
        PartsOf = session.PartsOf,
        Elsewhere = session.Elsewhere,
    };

    /// <summary>For clips whose inputs were not kept.</summary>
    public PerturbAgain Again => new(session, _models);

    /// <summary>Writes a few examples after a run.</summary>
    public void WriteSome(
        IReadOnlyList<CellOutcome> outcomes,
        IReadOnlyList<ConditionLogs> conditions,
        string folder,
        CancellationToken cancel
    )
    {
        if (session.Plan.Definition.Examples == 0)
        {
            ListeningFolder.Clear(folder);
            return;
        }

        try
        {
            (IReadOnlyList<ExampleSource> examples, IReadOnlyList<LeftOut> leftOut) = ExamplePicker.Pick(
                outcomes,
                conditions,
                session.Store,
                Most
            );
            Write(examples, leftOut, folder, AudioFormat.Wav, cancel);
        }
        catch (UserErrorException problem)
        {
            // The results stand without it.
            session.Tell(new RunEvent.LeftOut("audio", problem.Message));
        }
    }

    /// <summary>Writes examples and their index. One that fails is left out, and said to be.</summary>
    /// <exception cref="UserErrorException">The user's input or environment is wrong.</exception>
    public ListeningIndex Write(
        IReadOnlyList<ExampleSource> examples,
        IReadOnlyList<LeftOut> leftOut,
        string folder,
        AudioFormat format,
        CancellationToken cancel
    )
    {
        var finder = new SoundFinder(session, _models);
        var writer = new ListeningFolder(
            folder,
            session.Plan.Definition.Name,
            cell => session.FindData(cell).Emotions.Names,
            model => session.Data.For(model).SampleRate,
            format,
            draw: FigureWriter.Obstacle() is null
        );
        var failed = new List<LeftOut>();
        for (int i = 0; i < examples.Count; i++)
        {
            ExampleSource example = examples[i];
            session.Tell(new RunEvent.FindingAudio(example.Cell, example.Clip, i + 1, examples.Count));
            try
            {
                (PerturbedClip clip, FoundSound sound) = session.Thread.Run(
                    token =>
                    {
                        PerturbedClip read = example.Read(token);
                        return (read, finder.Find(read, token));
                    },
                    session.Plan.Definition.CellTimeout,
                    cancel
                );
                writer.Add(clip, sound);
            }
            catch (Exception e) when (e is not (UserErrorException or OperationCanceledException))
            {
                if (session.Thread.HasAbandonedWork)
                    _models.Abandon();
                failed.Add(
                    new LeftOut(
                        $"{example.Cell.Name}, clip {example.Clip}",
                        PluginFailure.Describe(example.Cell.Perturbation.Use.Plugin.Id, e),
                        Failed: true
                    )
                );
            }
        }

        return writer.Finish([.. leftOut, .. failed]);
    }

    public void Dispose() =>
        session.Thread.Run(
            _ =>
            {
                _models.Dispose();
                return true;
            },
            TimeSpan.FromMinutes(1),
            CancellationToken.None
        );
}
