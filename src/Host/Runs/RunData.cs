using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs;

/// <summary>Loads and prepares a benchmark's dataset, and those on which its models are judged as well.</summary>
/// <param name="signs">Given for each clip.</param>
internal sealed class RunData(BenchmarkDefinition definition, ResultStore store, Action<RunEvent> tell, SignsOfLife signs)
{
    private readonly DatasetPreparer _preparer = new(store.Folder);

    // How often all clips of some dataset are prepared, and how often they have been.
    private readonly int _all = definition.EarsInUse.Count * (1 + definition.EvaluateOn.Count);
    private int _before;

    /// <exception cref="UserErrorException">A dataset cannot be used; the message lists all its problems.</exception>
    public (PreparedData Data, IReadOnlyDictionary<string, PreparedData> Elsewhere) Prepare(CancellationToken cancel)
    {
        GuestWatch.Note("models were looked at");
        PlanCheck.RequireDomains(definition);
        DatasetContent content = Load(definition.Dataset, cancel);
        Preparation StandardFor(Ears ears) => ears.Excerpt.Apply(content.Preparation);
        PreparedData own = Hear(definition.Dataset, ears => (content, StandardFor(ears), null), cancel);
        var elsewhere = new Dictionary<string, PreparedData>(StringComparer.Ordinal);
        try
        {
            foreach (EvaluationSet set in definition.EvaluateOn)
                elsewhere.Add(set.Name, HearElsewhere(set, content, own, StandardFor, cancel));
            return (own, elsewhere);
        }
        catch
        {
            own.Dispose();
            foreach (PreparedData other in elsewhere.Values)
                other.Dispose();
            throw;
        }
    }

    private PreparedData HearElsewhere(
        EvaluationSet set,
        DatasetContent content,
        PreparedData own,
        Func<Ears, Preparation> standard,
        CancellationToken cancel
    )
    {
        DatasetContent other = Load(set.Dataset, cancel);
        ContentValidation.CheckJudged(other, other.Preparation);
        var foreign = ForeignContent.Map(content, other, set);
        return Hear(
                set.Dataset,
                // As models hear what they were trained on; where in a recording is the other dataset's choice.
                ears =>
                    (
                        foreign.Content,
                        standard(ears) with
                        {
                            Placement = other.Preparation.Placement,
                        },
                        new JudgedElsewhere(own.For(ears), foreign.Labels)
                    ),
                cancel
            )
            .Describe(foreign.Mapped);
    }

    private PreparedData Hear(
        PluginUse dataset,
        Func<Ears, (DatasetContent Content, Preparation Preparation, JudgedElsewhere? Elsewhere)> choose,
        CancellationToken cancel
    )
    {
        var heard = new Dictionary<Ears, PreparedDataset>();
        try
        {
            foreach (Ears ears in definition.EarsInUse)
            {
                GuestWatch.Note($"clips of the dataset {dataset.Plugin.Id} were prepared with the front end {ears.FrontEnd.Plugin.Id}");
                heard.Add(ears, GuestCall.Make("the front end", () => Hear(ears)));
                _before++;
            }

            return new PreparedData(definition, heard);
        }
        catch
        {
            foreach (PreparedDataset prepared in heard.Values)
                prepared.Dispose();
            throw;
        }

        PreparedDataset Hear(Ears ears)
        {
            (DatasetContent content, Preparation preparation, JudgedElsewhere? elsewhere) = choose(ears);
            return _preparer.Prepare(
                content,
                ears.FrontEnd.Create<IFrontEnd>(),
                RunKeys.FrontEnd(ears),
                preparation,
                elsewhere,
                new SynchronousProgress<PreparationProgress>(Tell),
                cancel
            );
        }
    }

    private void Tell(PreparationProgress progress)
    {
        signs.Give();
        tell(new RunEvent.Preparing(progress with { Done = progress.Done + (_before * progress.Total), Total = _all * progress.Total }));
    }

    private static DatasetContent Load(PluginUse dataset, CancellationToken cancel)
    {
        GuestWatch.Note($"the dataset {dataset.Plugin.Id} was loaded");
        try
        {
            return Own(GuestCall.Make(dataset.Plugin.Id, () => dataset.Create<IDataset>().Load(cancel)));
        }
        catch (Exception e)
            when (e is not (UserErrorException or PluginUserException)
                && (e is not OperationCanceledException || !cancel.IsCancellationRequested)
                && !DiskException.IsMeantBy(e)
            )
        {
            throw new UserErrorException($"The dataset cannot be loaded: {PluginFailure.Describe(dataset.Plugin.Id, e)}", inner: e);
        }
    }

    // The dataset may keep its arrays, and write into them later.
    private static DatasetContent Own(DatasetContent content) =>
        content with
        {
            Clips =
            [
                .. content.Clips.Select(clip =>
                    clip with
                    {
                        Emotion = Copy(clip.Emotion)!,
                        Concepts = Copy(clip.Concepts),
                        EmotionSd = Copy(clip.EmotionSd),
                    }
                ),
            ],
        };

    // What is missing is found when the content is validated.
    private static float[]? Copy(float[]? ratings) => ratings is null ? null : [.. ratings];
}
