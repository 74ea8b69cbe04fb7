using System.Diagnostics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using MerBench.Host.Training;
using MerBench.Host.Weights;

namespace MerBench.Host.Cells;

/// <summary>
/// Hands out models ready to be attacked. A model that has to be trained is trained once, stored by its content key, and always read back
/// from the store, so that a first run and a resumed one attack the same bits.
/// </summary>
internal sealed class ModelProvider(PreparedData data, ResultStore store, TorchDevice device, Precision precision, Action<RunEvent> tell)
    : IDisposable
{
    private const int MostInMemory = 32;
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromSeconds(1);
    private readonly MeasurementMemory _measured = MeasurementMemory.In(store, device);
    private readonly Dictionary<Place, LoadedModel> _loaded = [];
    private readonly LinkedList<Place> _order = [];
    private readonly HashSet<string> _remarked = new(StringComparer.Ordinal);
    private long _told;
    private readonly HashSet<Place> _used = [];

    /// <summary>Given while a model is made ready.</summary>
    public SignsOfLife Signs { get; } = new();

    /// <summary>The models that one is made of, with their keys at a seed.</summary>
    public Func<ModelDefinition, int, IReadOnlyList<(ModelDefinition Model, string Key)>> PartsOf { get; init; } = static (_, _) => [];

    /// <summary>Other datasets on which models are judged, by name.</summary>
    public IReadOnlyDictionary<string, PreparedData> Elsewhere { get; init; } =
        new Dictionary<string, PreparedData>(StringComparer.Ordinal);

    /// <param name="on">The name of another dataset whose clips it is asked for; null for the one that it was trained on.</param>
    public LoadedModel Get(ModelDefinition definition, int seed, string key, string? on, CancellationToken cancel)
    {
        var place = new Place(key, on);
        // Those in use are kept, and looked at for who writes into them.
        foreach ((ModelDefinition part, string partKey) in PartsOf(definition, seed))
            Get(part, seed, partKey, null, cancel);
        _used.Add(place);
        if (!_loaded.TryGetValue(place, out LoadedModel? known))
            return GuestCall.Make(definition.Use.Plugin.Id, () => Load(definition, seed, place, cancel));
        // The least recently used one goes first, so that a model is not disposed while another is loaded to attack it.
        _order.Remove(place);
        _order.AddLast(place);
        return known;
    }

    /// <summary>Looks at the models that were handed out since the last time; the next <see cref="Get"/> loads those anew whose parameters
    /// or buffers are not what they were.</summary>
    /// <param name="plugin">Who perturbed meanwhile.</param>
    /// <returns>What was changed and by whom, in words; null where nothing was.</returns>
    public string? FindSpoiled(string plugin)
    {
        Place[] used = [.. _used];
        _used.Clear();
        string? first = null;
        foreach (Place place in used)
        {
            if (!_loaded.TryGetValue(place, out LoadedModel? model) || model.DescribeChange(plugin) is not { } change)
                continue;
            first ??= change;
            // Not disposed: who wrote into it may do so still.
            _loaded.Remove(place);
            _order.Remove(place);
        }

        return first;
    }

    private LoadedModel Load(ModelDefinition definition, int seed, Place place, CancellationToken cancel)
    {
        string key = place.Key;
        Signs.Give();
        tell(new RunEvent.ModelBegun(definition.Name, seed));
        bool isOfStore = NeedsStore(definition);
        if (isOfStore && store.OpenModel(key) is null)
            TrainAndStore(definition, seed, key, cancel);
        IModel model = Build(definition, seed, cancel);
        try
        {
            if (isOfStore)
                LoadFromStore(model, definition, seed, key, cancel);
            else if (definition.Weights is { } weights)
                LoadWeights(model, weights.ForSeed(seed), weights.Key);
            var loaded = new LoadedModel(
                key,
                definition.Use.Plugin.Id,
                model,
                (place.On is { } on ? Elsewhere[on] : data).For(definition),
                device.Device,
                precision,
                () => Build(definition, seed, cancel)
            );
            return Remember(place, loaded);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Whether <see cref="Get"/> need not train.</summary>
    public bool IsTrained(ModelDefinition definition, string key) => !NeedsStore(definition) || store.OpenModel(key) is not null;

    /// <summary>Forgets all models without disposing them: work that was left behind may still use them.</summary>
    public void Abandon()
    {
        _loaded.Clear();
        _order.Clear();
    }

    public void Dispose()
    {
        foreach (LoadedModel model in _loaded.Values)
            model.Dispose();
        Abandon();
    }

    /// <summary>Whether a model has to be trained or fitted, once.</summary>
    public static bool NeedsStore(ModelDefinition definition) =>
        definition.Weights is null
        && (
            typeof(ITrainableModel).IsAssignableFrom(definition.Use.Plugin.Type)
            || typeof(IFittableModel).IsAssignableFrom(definition.Use.Plugin.Type)
        );

    private IModel Build(ModelDefinition definition, int seed, CancellationToken cancel)
    {
        var model = definition.Use.Create<IModel>();
        try
        {
            if (model is IComposedModel composed)
                composed.Compose([.. PartsOf(definition, seed).Select(p => Part(p.Model.Name, Get(p.Model, seed, p.Key, null, cancel)))]);
            PreparedDataset heard = data.For(definition);
            long[] shape = heard.Inputs(Split.Test, model.Input).Input.shape[1..];
            RandomStream random = RandomStreams.Create(definition, seed).Fork("initialise");
            var context = new ModelContext(data.Emotions, data.Concepts, shape, device.Device, random);
            model.Build(
                context with
                {
                    SampleRate = heard.SampleRate,
                    Moments = heard.Moments,
                    Remember = _measured.For(definition.Use.Plugin),
                    FindFfmpeg = static () => FfmpegLocation.Find(Environment.GetEnvironmentVariable),
                }
            );
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static ModelPart Part(string name, LoadedModel model) => new(name, model.Input, model.From, model.FromFrozen);

    // An entry without checksums, of an older version, may be readable and still not fit.
    private void LoadFromStore(IModel model, ModelDefinition definition, int seed, string key, CancellationToken cancel)
    {
        string weights = Path.Combine(store.FindModel(key)!, ResultStore.WeightsFile);
        try
        {
            WeightsFile.LoadInto(model.State, weights);
        }
        catch (UserErrorException e)
        {
            store.PutModelAside(key, e.Message.Split('\n')[0]);
            TrainAndStore(definition, seed, key, cancel);
            WeightsFile.LoadInto(model.State, weights);
        }
    }

    private void TrainAndStore(ModelDefinition definition, int seed, string key, CancellationToken cancel)
    {
        tell(new RunEvent.TrainingBegun(definition.Name, seed));
        TrainRecipe recipe = definition.Train ?? new TrainRecipe();
        using IModel model = Build(definition, seed, cancel);
        var progress = new SynchronousProgress<TrainingProgress>(p => tell(new RunEvent.Training(definition.Name, seed, p, recipe.Epochs)));
        PreparedDataset heard = data.For(definition);
        TrainingAdversary? adversary = Adversary(recipe, model, heard);
        var aids = new TrainingAids(new TrainingCheckpoint(store.Folder, key), adversary, () => Build(definition, seed, cancel), Step)
        {
            Alignment = heard.Alignment,
        };
        TrainingOutcome outcome = Trainer.Train(
            model,
            recipe,
            heard.Inputs(Split.Train, model.Input),
            heard.Inputs(Split.Validation, model.Input),
            RandomStreams.Create(definition, seed).Fork("train"),
            progress,
            cancel,
            aids
        );
        var trained = new TrainedModel(key, model is IFittableModel ? "fitted" : "trained", outcome);
        store.WriteModel(
            key,
            into =>
                WeightsFile.Save(
                    model.State,
                    Path.Combine(into, ResultStore.WeightsFile),
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["merbench.key"] = key }
                ),
            trained
        );
        tell(new RunEvent.Trained(definition.Name, seed, trained));

        void Step(int epoch, double share)
        {
            Signs.Give();
            if (Stopwatch.GetElapsedTime(_told) < BetweenSteps)
                return;
            _told = Stopwatch.GetTimestamp();
            tell(new RunEvent.TrainingStepped(definition.Name, seed, epoch, share, recipe.Epochs));
        }
    }

    private void LoadWeights(IModel model, string file, string? key)
    {
        LoadedWeights loaded = WeightsFile.LoadInto(model.State, file, key);
        if (_remarked.Add(file))
            foreach (string remark in loaded.Remarks())
                tell(new RunEvent.ModelRemarked($"{file}: {remark}"));
    }

    private TrainingAdversary? Adversary(TrainRecipe recipe, IModel model, PreparedDataset heard) =>
        recipe.Adversarial is { } adversarial && model is ITrainableModel trainable
            ? new TrainingAdversary(
                adversarial,
                adversarial.Attack.Create<IAttack>(),
                trainable,
                data.Emotions,
                data.Concepts,
                heard.Alignment,
                heard.SampleRate
            )
            {
                SignOfLife = Signs.Give,
            }
            : null;

    private LoadedModel Remember(Place place, LoadedModel model)
    {
        _loaded[place] = model;
        _order.AddLast(place);
        if (_order.Count > MostInMemory)
        {
            Place oldest = _order.First!.Value;
            _order.RemoveFirst();
            if (_loaded.Remove(oldest, out LoadedModel? forgotten))
                forgotten.Dispose();
        }

        return model;
    }

    // A trained model on the clips of a dataset.
    private readonly record struct Place(string Key, string? On);
}
