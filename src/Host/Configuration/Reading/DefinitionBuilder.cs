using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Torch;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Turns a file into a definition: resolves plugins and checks what concerns more than one key.</summary>
internal sealed class DefinitionBuilder(BenchmarkFile file, string path, PluginCatalog catalog, BindingContext context)
{
    private readonly PluginResolver _plugins = new(catalog, context);
    private readonly ModelNames _modelNames = new(context, [.. (file.Models ?? Nothing<ModelEntry>()).Keys]);

    /// <summary>The definition; of use only when nothing was reported to the context.</summary>
    public BenchmarkDefinition? Build()
    {
        PluginUse? dataset = Use("dataset", file.Dataset, PluginKind.Dataset);
        PluginUse? frontEnd = Use("front-end", file.FrontEnd ?? Standard(StandardPlugins.FrontEnd), PluginKind.FrontEnd);
        IReadOnlyList<int> seeds = Seeds();
        ModelDefinition[] models =
        [
            .. (file.Models ?? Nothing<ModelEntry>()).Select(m => Model(m.Key, m.Value, seeds, frontEnd)).OfType<ModelDefinition>(),
        ];
        models = new CompositionCheck(context, models).Check(frontEnd, Overrides(file.Excerpt));
        var reader = new PerturbationReader(_plugins, context, _modelNames);
        IReadOnlyList<PerturbationDefinition> perturbations =
        [
            .. (file.Perturbations ?? Nothing<PerturbationEntry>())
                .Select(p => context.Within($"perturbations.{p.Key}", () => reader.Read(p.Key, p.Value)))
                .OfType<PerturbationDefinition>(),
        ];
        PluginUse[] metrics = Metrics();
        var known = seeds.ToHashSet();
        MatrixExclude[] exclude = [.. (file.Matrix?.Exclude ?? []).Select(e => Exclude(e, known))];
        perturbations = DomainFit.FollowModels(perturbations, models, exclude);
        EvaluationSet[] evaluateOn = EvaluateOn(perturbations);
        IReadOnlyList<PerturbationDefinition> own = perturbations;
        perturbations = [.. own, .. evaluateOn.SelectMany(set => own.Select(p => p.MoveTo(set)))];
        EvaluationEntry evaluation = file.Evaluation ?? new EvaluationEntry();
        if (dataset is null || frontEnd is null)
            return null;
        return new BenchmarkDefinition
        {
            Name = file.Name?.Value ?? Path.GetFileNameWithoutExtension(path),
            File = path,
            Dataset = dataset,
            EvaluateOn = evaluateOn,
            FrontEnd = frontEnd,
            Models = models,
            Perturbations = perturbations,
            Seeds = seeds,
            Metrics = metrics,
            Exclude = exclude,
            Excerpt = Overrides(file.Excerpt),
            EvaluationBatch = evaluation.Batch ?? EvaluationEntry.StandardBatch,
            CellTimeout = evaluation.CellTimeout ?? BenchmarkDefinition.StandardTimeout,
            ModelTimeout = evaluation.ModelTimeout ?? BenchmarkDefinition.StandardTimeout,
            Memory = Memory(evaluation),
            Isolation = file.Isolation,
            ProbesBatch = evaluation.Batch is null,
            Precision = evaluation.Precision?.Value ?? Precision.Fp32,
            PrecisionAt = evaluation.Precision?.At ?? file.At,
            Devices = file.Device ?? DeviceNames.Auto,
            Slurm = context.Within("executor", () => new ExecutorReader(context).Read(file.Executor)),
            Examples = evaluation.Examples,
            Success = Success(),
            About = About(),
            ThreatModel = context.Within("threat-model", () => new ThreatModelReader(context, own).Read(file.ThreatModel)),
            Tolerances = new ToleranceReader(context, models, perturbations, metrics).Read(file.Snapshot),
        };
    }

    private static Dictionary<string, T> Nothing<T>() => new(StringComparer.Ordinal);

    private PluginEntry Standard(string id) => new(new Located<string>(id, file.At), file.At);

    private PluginUse? Use(string key, PluginEntry? entry, PluginKind kind) =>
        entry is null ? null : context.Within(key, () => _plugins.Resolve(entry.Use, entry.With, entry.At, kind));

    private IReadOnlyList<int> Seeds()
    {
        if (file.Seeds is not { Count: > 0 } seeds)
            return [1];
        foreach (Located<int> twice in Repeated(seeds, s => s.Value))
            context.Report(twice.At, string.Create(CultureInfo.InvariantCulture, $"seed {twice.Value} is listed twice"));
        return [.. seeds.Select(s => s.Value)];
    }

    private EvaluationSet[] EvaluateOn(IReadOnlyList<PerturbationDefinition> perturbations)
    {
        var reader = new EvaluationReader(_plugins, context);
        EvaluationSet[] sets =
        [
            .. (file.EvaluateOn ?? Nothing<EvaluationSetEntry>())
                .Select(e => context.Within($"evaluate-on.{e.Key}", () => reader.Read(e.Key, e.Value)))
                .OfType<EvaluationSet>(),
        ];
        foreach (EvaluationSet set in sets)
        foreach (PerturbationDefinition clash in perturbations.Where(p => perturbations.Any(o => p.Name == o.MoveTo(set).Name)))
            context.Report(
                clash.At,
                $"'{clash.Name}' is what a perturbation on the dataset '{set.Name}' is called",
                "rename one of the two"
            );
        return sets;
    }

    private DataSize? Memory(EvaluationEntry evaluation)
    {
        if (evaluation.Memory is { } memory && file.Isolation == Isolation.None)
            context.Report(
                memory.At,
                "'evaluation.memory' limits worker processes, and 'isolation: none' has none",
                "leave out one of the two"
            );
        return evaluation.Memory?.Value;
    }

    private About? About()
    {
        if (file.About is not { } about)
            return null;
        if (
            about.Link is { } link
            && !(Uri.TryCreate(link.Value, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
        )
            context.Report(link.At, $"'{link.Value}' is no address of the web", "write https://...");
        return new About(about.By, about.Link?.Value);
    }

    private SuccessCriterion Success()
    {
        if (file.Success is not { } entry)
            return new SuccessCriterion();
        if (entry.Value is { Tolerance: not null, AnnotatorSd: not null })
            context.Report(entry.At, "'success' has both 'tolerance' and 'annotator-sd'", "give one of the two");
        return new SuccessCriterion(entry.Value.Tolerance, entry.Value.AnnotatorSd);
    }

    private PluginUse[] Metrics()
    {
        IReadOnlyList<PluginEntry> entries = file.Metrics ?? [.. StandardPlugins.Metrics.Select(Standard)];
        foreach (PluginEntry twice in Repeated(entries.Where(e => e.Use is not null), e => e.Use!.Value))
            context.Report(twice.At, $"metric '{twice.Use!.Value}' is listed twice");
        return [.. entries.Select(e => Use("metrics", e, PluginKind.Metric)).OfType<PluginUse>()];
    }

    private ModelDefinition? Model(string name, ModelEntry entry, IReadOnlyList<int> seeds, PluginUse? frontEnd) =>
        context.Within(
            $"models.{name}",
            () =>
            {
                PluginDescriptor? plugin = _plugins.Find(entry.Use, PluginKind.Model);
                PluginUse? use = plugin is null ? null : _plugins.Bind(plugin, entry.With, entry.At);
                WeightsPath? weights = entry.Weights is { Path: { } file }
                    ? WeightsPath.Resolve(file, entry.Weights.Key, seeds, context)
                    : null;
                if (entry.Train is not null && entry.Weights is not null)
                    context.Report(
                        entry.Train.At,
                        $"model '{name}' has both 'train' and 'weights'",
                        "weights are loaded instead of training: remove one of the two"
                    );
                bool isTrainable = typeof(ITrainableModel).IsAssignableFrom(plugin?.Type);
                if (plugin is not null && entry.Train is not null && !isTrainable)
                    context.Report(
                        entry.Train.At,
                        $"model '{name}' is not trained by a recipe",
                        $"remove 'train': '{plugin.Id}' fits itself or comes trained"
                    );
                TrainRecipe? recipe = isTrainable && entry.Weights is null ? new TrainRecipe() : null;
                if (entry.Train is { } train)
                    recipe = new TrainRecipeReader(_plugins, context).Read(train.Value);
                Ears? ears = OwnEars(entry, frontEnd);
                return use is null
                    ? null
                    : new ModelDefinition(name, use, recipe, weights, entry.At)
                    {
                        OwnEars = ears,
                        Parts = _modelNames.Find(use, entry.With),
                        File = ModelFiles.Inspect(use),
                    };
            }
        );

    private Ears? OwnEars(ModelEntry entry, PluginUse? frontEnd)
    {
        if (entry.FrontEnd is null && entry.Excerpt is null)
            return null;
        PluginUse? own = entry.FrontEnd is null ? frontEnd : Use("front-end", entry.FrontEnd, PluginKind.FrontEnd);
        return own is null ? null : new Ears(own, Overrides(entry.Excerpt).Over(Overrides(file.Excerpt)));
    }

    private MatrixExclude Exclude(ExcludeEntry entry, HashSet<int> seeds)
    {
        if (entry is { Model: null, Perturbation: null, Seed: null })
            context.Report(entry.At, "this excludes every cell", "give at least one of: model, perturbation, seed");
        CheckName(entry.Model, "model", file.Models?.Keys);
        CheckName(entry.Perturbation, "perturbation", file.Perturbations?.Keys);
        if (entry.Seed is { } seed && !seeds.Contains(seed.Value))
            context.Report(
                seed.At,
                string.Create(CultureInfo.InvariantCulture, $"{seed.Value} is not one of the seeds"),
                $"expected one of: {ShortList.Write([.. seeds.Select(s => s.ToString(CultureInfo.InvariantCulture))], shown: 20)}"
            );
        return new MatrixExclude(entry.Model?.Value, entry.Perturbation?.Value, entry.Seed?.Value);
    }

    private void CheckName(Located<string>? name, string what, IEnumerable<string>? names)
    {
        if (name is not null && names is not null && !names.Contains(name.Value, StringComparer.Ordinal))
            context.Report(name.At, $"there is no {what} named '{name.Value}'", NearestName.Hint(name.Value, names));
    }

    private static PreparationOverrides Overrides(ExcerptEntry? entry) =>
        entry is not { } excerpt
            ? new PreparationOverrides()
            : new PreparationOverrides(
                excerpt.Seconds,
                excerpt.Placement,
                excerpt.StandardiseOn is { } on ? on == StandardiseOn.All : null,
                excerpt.MinimumSeconds,
                excerpt.StandardiseFrom
            );

    private static IEnumerable<T> Repeated<T, TKey>(IEnumerable<T> items, Func<T, TKey> key) =>
        items.GroupBy(key).SelectMany(g => g.Skip(1));
}
