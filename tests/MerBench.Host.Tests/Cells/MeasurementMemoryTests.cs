using MerBench.Host.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Torch;
using MerBench.Tests.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Tests.Execution;

/// <summary>What a plugin measured about a machine is measured once there.</summary>
public sealed class MeasurementMemoryTests
{
    private static readonly TorchDevice s_device = new(CPU, 2);

    private readonly string _root = Directory.CreateTempSubdirectory("measured-").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_root, recursive: true);

    [Test]
    public void A_measurement_is_made_once_for_a_machine_device_plugin_and_key()
    {
        string root = Path.Combine(_root, "once");
        int measured = 0;
        Assert.That(Recall("a", "processor", s_device), Is.EqualTo("1"));
        Assert.That(Recall("a", "processor", s_device), Is.EqualTo("1"), "remembered");
        Assert.That(Recall("b", "processor", s_device), Is.EqualTo("2"), "another key");
        Assert.That(Recall("a", "another processor", s_device), Is.EqualTo("3"), "another machine");
        Assert.That(Recall("a", "processor", s_device with { Threads = 1 }), Is.EqualTo("4"), "other threads");
        Assert.That(Recall("a", "processor", new TorchDevice(new Device(DeviceType.CUDA, 1), 2)), Is.EqualTo("5"), "another device");
        Assert.That(Recall("a", "processor", s_device, "another"), Is.EqualTo("6"), "another plugin");
        Assert.That(Recall("a", "processor", s_device), Is.EqualTo("1"));
        Assert.That(Directory.GetFiles(Path.Combine(root, EntryKind.Measured.Name)), Has.Length.EqualTo(6), "nothing else is left there");

        string Recall(string key, string machine, TorchDevice device, string plugin = "asking") =>
            new MeasurementMemory(new StoreFolder(root), machine, device).For(Plugin(plugin))(key, () => $"{++measured}");
    }

    [Test]
    public void Processes_that_measure_at_the_same_time_use_what_the_first_found()
    {
        string root = Path.Combine(_root, "together");
        using var meeting = new Barrier(4);
        for (int round = 0; round < 100; round++)
        {
            string key = $"{round}";
            string[] found = new string[4];
            Thread[] workers = [.. Enumerable.Range(0, 4).Select(i => new Thread(() => found[i] = Recall(i, key)))];
            foreach (Thread worker in workers)
                worker.Start();
            foreach (Thread worker in workers)
                worker.Join();
            Assert.That(found.Distinct().ToArray(), Has.Length.EqualTo(1), $"round {round}");
        }

        string Recall(int worker, string key) =>
            new MeasurementMemory(new StoreFolder(root), "processor", s_device).For(Plugin("asking"))(
                key,
                () =>
                {
                    // Nobody has written yet.
                    meeting.SignalAndWait();
                    return $"{worker}";
                }
            );
    }

    [Test]
    public void Models_are_built_with_the_memory_of_the_store()
    {
        var store = new ResultStore(_root);
        var definition = new ModelDefinition("asking", new PluginUse(Plugin("asking"), null, "{}", default), null, null, default);
        using PreparedData data = Prepared(definition);
        for (int i = 0; i < 2; i++)
        {
            using var models = new ModelProvider(data, store, s_device, Precision.Fp32, _ => { });
            models.Get(definition, seed: 1, "key", on: null, CancellationToken.None);
        }

        Assert.That(AskingModel.Measured, Is.EqualTo(1));
    }

    private static PluginDescriptor Plugin(string id) =>
        new(PluginKind.Model, id, "", "", typeof(AskingModel).Assembly.Location, PluginState.Ready) { Type = typeof(AskingModel) };

    private PreparedData Prepared(ModelDefinition model)
    {
        Split[] splits = [Split.Train, Split.Test];
        Clip[] clips = [.. splits.Select(split => new Clip($"{split}", split, new AudioSource.Rendered(Saw), [0.5f]))];
        var content = new DatasetContent(new LabelSpace(["valence"]), null, clips, new Preparation(0.5), "saw");
        PreparedDataset heard = new DatasetPreparer(new StoreFolder(_root)).Prepare(
            content,
            new TripleFrontEnd(),
            "triple",
            new Preparation(0.5)
        );
        var benchmark = new BenchmarkDefinition
        {
            Name = "b",
            File = "/b.yaml",
            Dataset = model.Use,
            FrontEnd = model.Use,
            Models = [model],
            Perturbations = [],
            Seeds = [1],
            Metrics = [],
            EvaluationBatch = 1,
            CellTimeout = TimeSpan.FromMinutes(1),
        };
        return new PreparedData(benchmark, new Dictionary<Ears, PreparedDataset> { [benchmark.EarsOf(model)] = heard });

        static short[] Saw(int rate) => [.. Enumerable.Range(0, rate).Select(t => (short)(t % 90))];
    }

    public sealed class AskingModel : IModel
    {
        public static int Measured { get; private set; }

        public Domain Input => Domain.Features;

        public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

        public void Build(ModelContext context) => context.Remember("what is fastest", () => $"{++Measured}");

        public ModelOutput Forward(Tensor input) => new(input.mean([1, 2]).unsqueeze(1));

        public void SetTraining(bool training) { }

        public void Dispose() { }
    }
}
