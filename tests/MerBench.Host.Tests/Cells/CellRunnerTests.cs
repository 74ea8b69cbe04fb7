using MerBench.Host;
using MerBench.Host.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Tests.Checks;
using MerBench.Tests.Data;
using static TorchSharp.torch;

namespace MerBench.Tests.Execution;

public sealed class CellRunnerTests
{
    private const int TestClips = 7;

    private readonly string _store = Directory.CreateTempSubdirectory("cell-runner-").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_store, recursive: true);

    [Test]
    public void An_attack_is_judged_by_its_model_and_its_search()
    {
        CellResult result = Run<Push>(PluginKind.Attack, moody: true).Result;
        Assert.That(result.Doubts.Select(d => d.Check), Is.EqualTo(new[] { "random-model", "not-differentiable" }));
        Assert.That(result.ForwardCalls, Is.EqualTo(TestClips));
        Assert.That(result.Objective!.Perturbed, Has.Count.EqualTo(TestClips));
    }

    [Test]
    public void A_corruption_is_judged_by_what_its_model_predicts_alone()
    {
        CellResult result = Run<Pull>(PluginKind.Corruption, moody: true).Result;
        Assert.That(result.Doubts.Select(d => d.Check), Is.EqualTo(new[] { "random-model" }));
        Assert.That(result.ForwardCalls, Is.Zero);
        Assert.That(result.Objective, Is.Null, "it maximises nothing");
    }

    [Test]
    public void Clips_are_perturbed_alike_in_any_batch_and_alone()
    {
        ClipRow[] three = [.. Run<Push>(PluginKind.Attack, batch: 3).Clips];
        Assert.That(three.Select(c => c.Linf), Is.Unique, "each clip has random numbers of its own");
        Assert.That(Run<Push>(PluginKind.Attack, batch: 100).Clips.Select(Numbers), Is.EqualTo(three.Select(Numbers)));
        using PreparedDataset data = Prepare();
        using LoadedModel model = Load(data, moody: false);
        (Cell cell, BenchmarkDefinition definition) = Plan<Push>(PluginKind.Attack, 3);
        ClipRow alone = new CellRunner(definition, CPU).RunOne(cell, model, _ => model, 5, CancellationToken.None).Result;
        Assert.That(Numbers(alone), Is.EqualTo(Numbers(three[5])));
    }

    [Test]
    public void Within_a_masking_excess_every_clip_is_as_loud_as_it_may_be_in_any_batch()
    {
        ClipRow[] three = [.. RunWithinExcess(batch: 3, seconds: 2).Clips];
        Assert.That(three.Select(c => c.Measured.Audibility!.MaskingExcessDb), Is.All.InRange(2.98, 3.0));
        Assert.That(three.Select(c => c.SnrDb), Is.Unique, "one bound is another size for each clip");
        Assert.That(three.Select(c => c.Measured.ForwardCalls), Is.All.EqualTo(2), "a search at the first size and one at its own");
        Assert.That(RunWithinExcess(batch: 100, seconds: 2).Clips.Select(Numbers), Is.EqualTo(three.Select(Numbers)));
    }

    [Test]
    public void Clips_too_short_for_a_masking_threshold_fail_a_cell_that_asks_for_one() =>
        Assert.That(
            () => RunWithinExcess(batch: 3, seconds: 0.5),
            Throws.InstanceOf<CellFailedException>().With.Message.Contains("500 samples are too short for a masking threshold")
        );

    private (CellResult Result, IReadOnlyList<ClipRow> Clips) RunWithinExcess(int batch, double seconds)
    {
        return Run<Hiss>(PluginKind.Attack, batch: batch, seconds: seconds, change: OnWaveforms);

        static Cell OnWaveforms(Cell cell) =>
            cell with
            {
                Perturbation = cell.Perturbation with { Domain = Domain.Waveform, Budgets = [], MaskingExcesses = [3] },
                Budget = null,
                MaskingExcess = 3,
            };
    }

    private (CellResult Result, IReadOnlyList<ClipRow> Clips) Run<T>(
        PluginKind kind,
        bool moody = false,
        int batch = 3,
        double seconds = 0.5,
        Func<Cell, Cell>? change = null
    )
    {
        using PreparedDataset data = Prepare(seconds);
        using LoadedModel model = Load(data, moody);
        (Cell cell, BenchmarkDefinition definition) = Plan<T>(kind, batch);
        cell = change?.Invoke(cell) ?? cell;
        (CellResult result, IReadOnlyList<ClipRow> clips, _) = new CellRunner(definition, CPU).Run(
            cell,
            "key",
            model,
            _ => model,
            null,
            CancellationToken.None
        );
        return (result, clips);
    }

    private static (string Clip, double? Linf, double Perturbed) Numbers(ClipRow row) => (row.Clip, row.Linf, row.Perturbed[0]);

    private static (Cell Cell, BenchmarkDefinition Definition) Plan<T>(PluginKind kind, int batch)
    {
        PluginDescriptor plugin = Evidence.Plugin(kind, "push") with { Type = typeof(T), Knowledge = AttackKnowledge.Noise };
        Cell cell = Evidence.Cell(plugin, new Budget(Norm.Linf, 0.1));
        var definition = new BenchmarkDefinition
        {
            Name = "b",
            File = "/b.yaml",
            Dataset = cell.Model.Use,
            FrontEnd = cell.Model.Use,
            Models = [cell.Model],
            Perturbations = [cell.Perturbation],
            Seeds = [1],
            Metrics = [],
            EvaluationBatch = batch,
            CellTimeout = TimeSpan.FromMinutes(1),
        };
        return (cell, definition);
    }

    private static LoadedModel Load(PreparedDataset data, bool moody) =>
        new("key", "mean", new MeanOfClip(moody), data, CPU, Precision.Fp32);

    private PreparedDataset Prepare(double seconds = 0.5)
    {
        Clip[] clips =
        [
            .. Enumerable
                .Range(0, 2 * TestClips)
                .Select(i => new Clip(
                    $"{i}",
                    i < TestClips ? Split.Train : Split.Test,
                    new AudioSource.Rendered(rate =>
                        [.. Enumerable.Range(0, 2 * rate).Select(t => (short)(9000 * Math.Sin(t * (i + 1) * 0.01)))]
                    ),
                    [0.5f]
                )),
        ];
        return new DatasetPreparer(new StoreFolder(_store)).Prepare(
            new DatasetContent(new LabelSpace(["valence"]), null, clips, new Preparation(seconds), "sines"),
            new TripleFrontEnd(),
            "triple",
            new Preparation(seconds)
        );
    }

    /// <summary>Adds noise as loud as it may, asking once.</summary>
    private sealed class Hiss : IAttack
    {
        public Tensor Perturb(AttackContext context, CancellationToken cancel)
        {
            Tensor perturbed = context.Input + context.Project(context.Uniform());
            context.Evaluate(perturbed);
            return perturbed;
        }
    }

    /// <summary>Pushes each clip at random, asking once.</summary>
    private sealed class Push : IAttack
    {
        public Tensor Perturb(AttackContext context, CancellationToken cancel)
        {
            context.Evaluate(context.Input);
            return context.Input + (0.1 * context.Uniform().flatten(1).mean([1]).reshape(-1, 1, 1));
        }
    }

    private sealed class Pull : ICorruption
    {
        public IReadOnlyList<Domain> Domains => [Domain.Features];

        public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) => context.Input * 0.999;
    }

    /// <param name="moody">Whether it predicts something else each time, by no differentiable path.</param>
    private sealed class MeanOfClip(bool moody) : IModel
    {
        private int _calls;

        public Domain Input => Domain.Features;

        public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

        public void Build(ModelContext context) { }

        public ModelOutput Forward(Tensor input)
        {
            Tensor mean = input.mean([1, 2]).unsqueeze(1);
            return new ModelOutput(moody ? mean.detach() + (0.01 * _calls++) : mean);
        }

        public void SetTraining(bool training) { }

        public void Dispose() { }
    }
}
