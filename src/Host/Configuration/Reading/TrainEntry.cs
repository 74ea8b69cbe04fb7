using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Host.Options;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

// A model's "train:" as written.
[BindPartially]
internal sealed record TrainEntry(
    [Description("Most epochs to train.")] [Range(1, 100_000)] int Epochs = 199,
    [Description("Clips a batch; the last incomplete batch of an epoch is dropped.")] [Range(1, 4096)] int Batch = 8,
    [Description("Adam's learning rate.")] [Range(1e-9, 10)] double LearningRate = 5e-4,
    [Description("Epochs without a better validation correlation after which training stops.")] [Range(1, 100_000)] int Patience = 50,
    [Description("Weight w of the concept loss: (1-w) MSE(emotion) + w MSE(concepts). 0 trains on emotions alone.")]
    [Range(0, 1)]
        double ConceptWeight = 0,
    [Description("Adversarial training: batches are also attacked and trained on. None when left out.")]
        AdversarialEntry? Adversarial = null,
    [Description("Free adversarial training: one gradient moves weights and perturbation. None when left out.")] FreeEntry? Free = null,
    [Description("Standard deviation of noise that is added to training clips, in units of the model's input. 0 adds none.")]
    [Range(0, 1e6)]
        double Noise = 0
);

[BindPartially]
internal sealed record FreeEntry(
    SourceLocation At,
    [Description("Radius of the perturbation in the L-infinity norm, in units of the model's input.")]
    [Required]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
        double? Linf,
    [Description("How often each batch is trained on.")] [Range(2, 100)] int Replays = 4
);

[BindPartially]
internal sealed record AdversarialEntry(
    [Description("The attack plugin's id.")] [Required] Located<string>? Use,
    SourceLocation At,
    [Description("The attack's options.")] Node? With = null,
    [Description("Every n-th epoch is adversarial; 1 is all of them.")] [Range(1, 100_000)] int Every = 1,
    [Description("The largest perturbation, in one norm; none when left out.")] Located<AdversarialBudgetEntry>? Budget = null,
    [Description("What the attack maximises: mse, mae, pearson, ccc, any or another objective of attacks. mse when left out.")]
        Located<string>? Objective = null,
    [Description(
        "Weight of a TRADES-style penalty, the squared distance of clean and perturbed predictions, instead of training on perturbed clips."
    )]
    [Range(0, 1e6, MinimumIsExclusive = true)]
        double? Trades = null,
    [Description("Weight of such a penalty on concepts: the squared distance of clean and perturbed concepts.")]
    [Range(0, 1e6, MinimumIsExclusive = true)]
        Located<double>? ConceptStability = null,
    [Description("true trains on perturbed batches alone; false on clean ones, and then on perturbed ones.")]
        Located<bool>? PerturbedOnly = null,
    [Description(
        "In which the attack computes, for models that offer it: fp32 when left out, or bf16, which is faster and changes what is "
            + "trained on a little."
    )]
        Located<Precision>? Precision = null
);

[BindPartially]
internal sealed record AdversarialBudgetEntry(
    [Description("Radius in the L-infinity norm, in the domain's units.")] [Range(0, double.PositiveInfinity)] double? Linf = null,
    [Description("Radius in the L2 norm, in the domain's units.")] [Range(0, double.PositiveInfinity)] double? L2 = null,
    [Description("Least signal-to-noise ratio in dB.")] double? Snr = null
);
