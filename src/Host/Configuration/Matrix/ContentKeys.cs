using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.IO;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>
/// The names of stored results: SHA-256 over everything that a result depends on, its <see cref="Specification"/>, and over nothing else.
/// Names of models and perturbations,
/// order, excludes, batch size and timeouts do not belong to it.
/// </summary>
public static class ContentKeys
{
    /// <summary>Raised by hand whenever the host trains, prepares or evaluates differently than before, so that older results are not taken
    /// for new ones.</summary>
    public const int TrainingVersion = 1;

    /// <summary>The same for adversarial training alone.</summary>
    public const int AdversarialVersion = 2;

    /// <summary>Raised by hand whenever the host measures or checks cells differently than before.</summary>
    public const int CellVersion = 4;

    // Of plugins as they were found: asking the file system once for each cell takes longer than all else.
    private static readonly ConditionalWeakTable<PluginDescriptor, string> AssemblyHashes = [];

    /// <summary>The contract's version, as stamped into it at build.</summary>
    public static string ContractVersion { get; } =
        typeof(IModel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "MerBench.ContractVersion").Value!;

    /// <summary>What a trained, fitted or loaded model depends on.</summary>
    /// <param name="frontEnd">That by which the model hears.</param>
    /// <param name="datasetFingerprint"><see cref="DatasetContent.Fingerprint"/>.</param>
    /// <param name="preparation">The dataset's preparation with the overrides for the model.</param>
    /// <param name="device">Torch's device type, such as <c>cpu</c>: results differ between types.</param>
    /// <param name="partKeys">The keys of <see cref="ModelDefinition.Parts"/> at the seed; null for none.</param>
    /// <exception cref="IOException">Weights or a plugin's assembly cannot be read.</exception>
    public static Specification OfModel(
        ModelDefinition model,
        PluginUse frontEnd,
        string datasetFingerprint,
        Preparation preparation,
        int seed,
        string device,
        IReadOnlyList<string>? partKeys = null
    ) =>
        Specify(json =>
        {
            json.WriteString("contract", ContractVersion);
            json.WriteString("dataset", datasetFingerprint);
            json.WriteString("device", device);
            WritePlugin(json, "front-end", frontEnd);
            json.WriteString("kind", "model");
            WritePlugin(json, "model", model.Use);
            if (partKeys is { Count: > 0 })
                WriteKeys(json, "parts", partKeys);
            json.WriteStartObject("preparation");
            json.WriteNumber("excerpt-seconds", preparation.ExcerptSeconds);
            json.WriteNumber("minimum-seconds", preparation.MinimumSeconds);
            json.WriteString("placement", KebabCase.Convert(preparation.Placement.ToString()));
            // Only where it is chosen: it is younger than keys that must stay.
            if (preparation.StandardiseFrom != StandardisationSource.Excerpts)
                json.WriteString("standardise-from", KebabCase.Convert(preparation.StandardiseFrom.ToString()));
            json.WriteBoolean("standardise-on-all-clips", preparation.StandardiseOnAllClips);
            json.WriteEndObject();
            json.WriteNumber("seed", seed);
            if (model.Train?.Adversarial is { } adversarial)
                WriteAdversarial(json, adversarial);
            if (model.Train?.Free is { } free)
                WriteFree(json, free);
            if (model.Train is { Noise: > 0 } noisy)
                json.WriteNumber("training-noise", noisy.Noise);
            json.WritePropertyName("train");
            if (model.Train is null)
                json.WriteNullValue();
            else
                json.WriteRawValue(OptionsShape.Find(typeof(TrainRecipe)).CanonicalJson(model.Train, "/"));
            json.WriteNumber("training-version", TrainingVersion);
            json.WriteString("weights", model.Weights is null ? null : FileHash.Compute(model.Weights.ForSeed(seed)));
            if (model.Weights?.Key is { } weightsKey)
                json.WriteString("weights-key", weightsKey);
        });

    /// <summary>What a cell's results depend on.</summary>
    /// <param name="modelKey">The key of <see cref="OfModel"/> of the cell's model and seed.</param>
    /// <exception cref="IOException">A plugin's assembly cannot be read.</exception>
    /// <param name="surrogateKeys">The model keys of <see cref="PerturbationDefinition.Surrogates"/> at the cell's seed.</param>
    /// <param name="success">When a perturbation has succeeded.</param>
    /// <param name="precision">In which attacks compute.</param>
    /// <param name="judgedOn">Fingerprint of another dataset than the model's own, as the model hears it.</param>
    public static Specification OfCell(
        string modelKey,
        Cell cell,
        IReadOnlyList<PluginUse> metrics,
        IReadOnlyList<string> surrogateKeys,
        SuccessCriterion success,
        Precision precision,
        string? judgedOn = null
    ) =>
        Specify(json =>
        {
            PerturbationDefinition perturbation = cell.Perturbation;
            json.WriteStartObject("budget");
            if (cell.Budget is { } budget)
                json.WriteNumber(KebabCase.Convert(budget.Norm.ToString()), budget.Size);
            if (cell.MaskingExcess is { } excess)
                json.WriteNumber("masking-excess", excess);
            json.WriteEndObject();
            json.WriteNumber("cell-version", CellVersion);
            json.WriteString("domain", KebabCase.Convert(perturbation.Domain.ToString()));
            if (judgedOn is not null)
                json.WriteString("judged-on", judgedOn);
            json.WriteString("kind", "cell");
            json.WriteStartArray("metrics");
            foreach (
                PluginUse metric in metrics
                    .OrderBy(m => m.Plugin.Id, StringComparer.Ordinal)
                    .ThenBy(m => m.OptionsJson, StringComparer.Ordinal)
            )
                WritePlugin(json, null, metric);
            json.WriteEndArray();
            json.WriteString("model", modelKey);
            json.WriteString("objective", perturbation.IsCorruption ? null : perturbation.Objective);
            WritePlugin(json, "perturbation", perturbation.Use);
            if (!perturbation.IsCorruption && precision != Precision.Fp32)
                json.WriteString("precision", KebabCase.Convert(precision.ToString()));
            if (perturbation.ResynthesisSteps is { } steps)
                json.WriteNumber("resynthesis", steps);
            if (perturbation.Window is { } window)
                json.WriteString("window", window.ToString());
            json.WriteNumber("seed", cell.Seed);
            json.WritePropertyName("severity");
            if (cell.Severity is { } severity)
                json.WriteNumberValue(severity);
            else
                json.WriteNullValue();
            json.WriteStartObject("success");
            if (success.Tolerance is { } tolerance)
                json.WriteNumber("tolerance", tolerance);
            if (success.AnnotatorSd is { } multiple)
                json.WriteNumber("annotator-sd", multiple);
            json.WriteEndObject();
            WriteKeys(json, "surrogates", surrogateKeys);
        });

    private static void WriteKeys(Utf8JsonWriter json, string name, IReadOnlyList<string> keys)
    {
        json.WriteStartArray(name);
        foreach (string key in keys)
            json.WriteStringValue(key);
        json.WriteEndArray();
    }

    private static void WriteFree(Utf8JsonWriter json, FreeTraining free)
    {
        json.WriteStartObject("free");
        json.WriteNumber("linf", free.Linf);
        json.WriteNumber("replays", free.Replays);
        json.WriteEndObject();
    }

    private static void WriteAdversarial(Utf8JsonWriter json, AdversarialTraining adversarial)
    {
        json.WriteStartObject("adversarial");
        json.WriteNumber("version", AdversarialVersion);
        WritePlugin(json, "attack", adversarial.Attack);
        json.WriteString("budget", adversarial.Budget?.ToString());
        json.WriteNumber("every", adversarial.Every);
        // What is younger than keys that must stay is written only where it is chosen.
        if (adversarial.ConceptStability is { } stability)
            json.WriteNumber("concept-stability", stability);
        json.WriteString("objective", adversarial.Penalty is null ? adversarial.Objective : null);
        if (adversarial.PerturbedOnly)
            json.WriteBoolean("perturbed-only", true);
        if (adversarial.Precision != Precision.Fp32)
            json.WriteString("precision", adversarial.Precision.ToString().ToLowerInvariant());
        json.WritePropertyName("trades");
        if (adversarial.Trades is { } weight)
            json.WriteNumberValue(weight);
        else
            json.WriteNullValue();
        json.WriteEndObject();
    }

    private static void WritePlugin(Utf8JsonWriter json, string? name, PluginUse use)
    {
        if (name is not null)
            json.WritePropertyName(name);
        json.WriteStartObject();
        json.WriteString("assembly", AssemblyHashes.GetValue(use.Plugin, static plugin => FileHash.Compute(plugin.AssemblyPath)));
        json.WriteString("id", use.Plugin.Id);
        json.WriteString("kind", KebabCase.Convert(use.Plugin.Kind?.ToString() ?? ""));
        json.WritePropertyName("options");
        json.WriteRawValue(use.OptionsJson, skipInputValidation: true);
        json.WriteEndObject();
    }

    private static Specification Specify(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new Specification(buffer.ToArray());
    }
}
