using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Composed.Defences;

/// <summary>Options of <see cref="DefendedModel"/>.</summary>
public sealed record DefendedOptions(
    [Description("The name of the benchmark's model that is defended.")] [ModelName] string Of,
    [Description("What inputs go through before the model reads them, in this order: corruptions with a severity.")]
    [Length(1, 16)]
        IReadOnlyList<CorruptionChoice> Defences,
    [Description(
        "Whether attacks go through the defences. 'false' attacks the model as if they were not there, and its cells are doubtful "
            + "(not-adaptive)."
    )]
        bool Adaptive = true,
    [Description("Where the defences work: features or waveform. Left out: where the model reads, if all of them can work there.")]
        Domain? Input = null,
    [Description("Of defences that draw random numbers: draws, always the same, whose mean prediction is the model's.")]
    [Range(1, 1000)]
        int PredictionSamples = 8,
    [Description("Other draws, whose mean attacks follow; each of their calls counts as many.")] [Range(1, 1000)] int AttackSamples = 8
);
