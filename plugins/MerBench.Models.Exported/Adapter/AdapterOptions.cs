using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What a module takes and returns. What is left out is read from the file or found by asking the module.</summary>
public abstract record AdapterOptions : IValidatableObject
{
    /// <summary>What it reads.</summary>
    [Description("What it reads: waveform, or features (standardised). Left out: as the file says, or by trying.")]
    public Domain? Input { get; init; }

    /// <summary>The order of its input.</summary>
    [Description("How it takes them: bn [B, N], bcn [B, C, N]; btf [B, T, F], bft, bctf [B, C, T, F], bcft. Left out: found by trying.")]
    public InputLayout? Layout { get; init; }

    /// <summary>Channels of its input.</summary>
    [Description("Channels of a layout that has some; each is a copy of the clip. Left out: found by trying.")]
    [Range(1, 2)]
    public int? Channels { get; init; }

    /// <summary>The rate of its waveforms.</summary>
    [Description("The rate of the waveforms that it reads, in Hz; clips are resampled. Left out: as the file says, else the benchmark's.")]
    [Range(1000, 384_000)]
    public int? SampleRate { get; init; }

    /// <summary>How much it takes at once.</summary>
    [Description("How much it takes at once; longer clips are cut into windows whose answers are averaged, shorter ones are filled.")]
    public LengthOptions? Length { get; init; }

    /// <summary>Which output the emotions are in.</summary>
    [Description("Of several outputs, the one that holds the emotions: its name, or its number from 0. Left out: the first.")]
    public string? Output { get; init; }

    /// <summary>Which output the concepts are in.</summary>
    [Description("Of several outputs, the one that holds the concepts: its name, or its number from 0.")]
    public string? ConceptOutput { get; init; }

    /// <summary>Names of the output's columns.</summary>
    [Description("Names of the columns of its output, in order. Left out: as the file says.")]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Names of the output's columns.</summary>
    [Description("A text file with the names of the columns of its output: one a line, or a JSON list.")]
    [FilePath]
    public string? LabelsFile { get; init; }

    /// <summary>Where each emotion of the dataset comes from.</summary>
    [Description("For each emotion of the dataset, which output it is, and on which scale. Left out: columns are in the dataset's order.")]
    public IReadOnlyDictionary<string, OutputChoice>? Emotions { get; init; }

    /// <summary>Where each concept of the dataset comes from.</summary>
    [Description("The same for the dataset's concepts.")]
    public IReadOnlyDictionary<string, OutputChoice>? Concepts { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Input is { } domain && Layout is { } layout && layout.Domain() != domain)
            yield return Complain($"layout '{layout}' is one of {layout.Domain()}, and the input is {domain}", nameof(Layout));
        if (Channels is > 1 && Layout is { } without && !without.HasChannels())
            yield return Complain($"layout '{without}' has no channels; use bcn, bctf or bcft", nameof(Channels));
        if (SampleRate is not null && (Input ?? Layout?.Domain()) == Domain.Features)
            yield return Complain("features come from the front end, which has a rate of its own", nameof(SampleRate));
        if (Length?.Complaint(Input ?? Layout?.Domain()) is { } wrong)
            yield return Complain(wrong, nameof(Length));
        if (Labels is not null && LabelsFile is not null)
            yield return Complain("names are given by 'labels' already", nameof(LabelsFile));
        if ((Emotions ?? Concepts) is { Count: 0 })
            yield return Complain("names no label", Emotions is null ? nameof(Concepts) : nameof(Emotions));
    }

    // Enumerations are written in small letters in YAML.
    private static ValidationResult Complain(string text, string key) => new(text.ToLowerInvariant(), [key]);
}
