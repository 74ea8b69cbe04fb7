using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Exported.Adapter;

/// <summary>What is done to an output before it is a rating.</summary>
public enum OutputSquash
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The logistic function, to 0..1.</summary>
    Sigmoid,

    /// <summary>The share among all columns of the output, to 0..1.</summary>
    Softmax,

    /// <summary>The hyperbolic tangent, to -1..1.</summary>
    Tanh,
}

/// <summary>Where a label of the dataset comes from.</summary>
public sealed record OutputChoice(
    [Description("The column, or the output of one column: its name, or its number from 0. Left out: the label's own name.")]
        string? From = null,
    [Description("What the module answers at the ends of the dataset's scale, such as [1, 9]; left out, answers are ratings already.")]
    [Length(2, 2)]
        IReadOnlyList<double>? Scale = null,
    [Description("What is done before that: none, sigmoid, softmax (over all columns) or tanh.")] OutputSquash Through = OutputSquash.None
) : IValidatableObject
{
    /// <summary>The ends of the module's own scale; null where its answers are ratings already.</summary>
    internal (double Low, double High)? Ends =>
        (Scale, Through) switch
        {
            ({ } scale, _) => (scale[0], scale[1]),
            (_, OutputSquash.Sigmoid or OutputSquash.Softmax) => (0, 1),
            (_, OutputSquash.Tanh) => (-1, 1),
            _ => null,
        };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Scale is [var low, var high] && (low == high || !double.IsFinite(low) || !double.IsFinite(high)))
            yield return new ValidationResult("a scale has two ends that differ, such as [1, 9]", [nameof(Scale)]);
    }
}
