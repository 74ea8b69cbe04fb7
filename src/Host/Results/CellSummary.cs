using System.Text.Json.Serialization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Results;

/// <summary>A cell of a run: what it is, how it ended, and its measurements where it was finished.</summary>
public sealed record CellSummary
{
    public required string Name { get; init; }

    public required string Model { get; init; }

    public required string Perturbation { get; init; }

    /// <summary>The other dataset whose clips it perturbs; null for the benchmark's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? On { get; init; }

    /// <summary>The perturbation's name in the file, whatever dataset it runs on.</summary>
    [JsonIgnore]
    public string Entry => On is null ? Perturbation : Perturbation[..^(" on ".Length + On.Length)];

    /// <summary>The stretch of time in which inputs could change; null for everywhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Window { get; init; }

    public required string Strength { get; init; }

    /// <summary>The plugin's id.</summary>
    public required string Use { get; init; }

    /// <summary>Its options as canonical JSON.</summary>
    public required string Options { get; init; }

    /// <summary>False where the corruption changes what listeners feel, so that ratings no longer hold.</summary>
    public required bool LabelPreserving { get; init; }

    public required string Domain { get; init; }

    /// <summary>What the attack maximised; null for corruptions.</summary>
    public string? Objective { get; init; }

    /// <summary>The models that the attack was crafted on instead of the attacked one; empty for most.</summary>
    public required IReadOnlyList<string> CraftedOn { get; init; }

    public string? Norm { get; init; }

    public double? Size { get; init; }

    public int? Severity { get; init; }

    public required int Seed { get; init; }

    public required bool FromStore { get; init; }

    public string? Failure { get; init; }

    /// <summary>Whether no check found a reason to doubt the cell; null when it failed.</summary>
    public Believable? Believable { get; init; }

    /// <summary>The reasons.</summary>
    public required IReadOnlyList<Doubt> Doubts { get; init; }

    public CellResult? Result { get; init; }

    /// <param name="doubts">Those that come from comparing cells.</param>
    public static CellSummary From(CellOutcome outcome, IEnumerable<Doubt> doubts)
    {
        Cell cell = outcome.Cell;
        PerturbationDefinition perturbation = cell.Perturbation;
        Doubt[] all = [.. outcome.Result?.Doubts ?? [], .. doubts];
        return new CellSummary
        {
            Name = cell.Name,
            Model = cell.Model.Name,
            Perturbation = perturbation.Name,
            On = perturbation.On,
            Window = perturbation.Window?.ToString(),
            Strength = cell.Strength,
            Use = perturbation.Use.Plugin.Id,
            Options = perturbation.Use.OptionsJson,
            LabelPreserving = perturbation.LabelPreserving,
            Domain = perturbation.Domain.ToString().ToLowerInvariant(),
            Objective = perturbation.IsCorruption ? null : perturbation.Objective,
            CraftedOn = perturbation.Surrogates,
            Norm = cell.Norm,
            Size = cell.Size,
            Severity = cell.Severity,
            Seed = cell.Seed,
            FromStore = outcome.FromStore,
            Failure = outcome.Failure,
            Believable = outcome.Result is null ? null : Judge(all),
            Doubts = all,
            Result = outcome.Result,
        };
    }

    private static Believable Judge(Doubt[] doubts) => doubts.Length == 0 ? Results.Believable.Yes : Results.Believable.Doubtful;
}

/// <summary>Whether a result may be taken for the truth about a model.</summary>
public enum Believable
{
    /// <summary>No check found a reason not to.</summary>
    Yes,

    /// <summary>A check found a reason: the model may be less robust than it looks.</summary>
    Doubtful,
}
