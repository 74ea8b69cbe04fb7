using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What a module takes, and where in what it returns the dataset's labels are.</summary>
public abstract record AdapterOptions : ModuleOptions
{
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
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (ValidationResult wrong in base.Validate(validationContext))
            yield return wrong;
        if (Labels is not null && LabelsFile is not null)
            yield return new ValidationResult("names are given by 'labels' already", [nameof(LabelsFile)]);
        foreach (string key in (string[])[nameof(Emotions), nameof(Concepts)])
            if ((key == nameof(Emotions) ? Emotions : Concepts) is { Count: 0 })
                yield return new ValidationResult("names no label", [key]);
    }
}
