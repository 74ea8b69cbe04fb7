using System.Globalization;
using MerBench.Host.Arithmetic;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Text;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs;

/// <summary>What can only be judged once device or dataset are known, and must be judged before anything is trained.</summary>
internal static class PlanCheck
{
    /// <param name="arithmetic">What the processor computes with.</param>
    /// <exception cref="UserErrorException">The device does not compute in the precision that attacks are to compute in.</exception>
    public static void Require(BenchmarkDefinition definition, TorchDevice device, ArithmeticChoice arithmetic)
    {
        if (device.Type != "cpu")
            return;
        string others = arithmetic.HasBFloat16 ? "bf16 or fp32" : "fp32";
        var problems = new List<string>();
        if (definition.Precision is Precision.Fp16 or Precision.Tf32)
        {
            string precision = KebabCase.Convert(definition.Precision.ToString());
            problems.Add(
                $"{definition.PrecisionAt}: error: precision '{precision}' is for GPUs, and the device is {device.Name}. Use {others}, "
                    + $"or name a GPU by --device cuda."
            );
        }

        if (definition.Precision == Precision.Bf16 && !arithmetic.HasBFloat16)
            problems.Add(WithoutBFloat16(definition.PrecisionAt, arithmetic));
        foreach (AdversarialTraining training in definition.Models.Select(m => m.Train?.Adversarial).OfType<AdversarialTraining>())
            if (training.Precision == Precision.Bf16 && !arithmetic.HasBFloat16)
                problems.Add(WithoutBFloat16(training.Attack.At, arithmetic));
        if (problems.Count > 0)
            throw new UserErrorException(string.Join('\n', problems.Distinct(StringComparer.Ordinal)));
    }

    private static string WithoutBFloat16(SourceLocation at, ArithmeticChoice arithmetic)
    {
        string measured = arithmetic.SlownessOfBFloat16 is { } times
            ? FormattableString.Invariant($" (a convolution takes {times:0} times as long as in fp32)")
            : "";
        return $"{at}: error: precision 'bf16' needs instructions that {arithmetic.InstructionSet} lacks{measured}. Use fp32, a "
            + $"processor with AVX-512, or a GPU.";
    }

    /// <exception cref="UserErrorException">A model reads waveforms, and something perturbs features.</exception>
    public static void RequireDomains(BenchmarkDefinition definition)
    {
        var inputs = definition.Models.ToDictionary(m => m, m => DomainFit.Ask(m, definition.Models));
        Require(DomainFit.Complaints(definition, m => inputs[m]));
    }

    /// <param name="data">The dataset as models hear it.</param>
    /// <exception cref="UserErrorException">An attack is crafted on a model which hears another waveform than the attacked one.</exception>
    public static void RequireSurrogates(BenchmarkDefinition definition, PreparedData data) =>
        Require(
            SurrogateFit.Complaints(
                definition,
                ears => new SurrogateFit.Heard(data.For(ears).SampleRate, data.For(ears).Preparation.ExcerptSeconds)
            )
        );

    /// <param name="data">The dataset as models hear it.</param>
    /// <exception cref="UserErrorException">A perturbation is confined to a stretch of time that no excerpt has.</exception>
    public static void RequireWindows(BenchmarkDefinition definition, PreparedData data)
    {
        double seconds = data.Main.Preparation.ExcerptSeconds;
        Require(
            definition
                .Perturbations.Where(p => p.Window is { } window && window.From >= seconds)
                .Select(p => new BenchmarkProblem(
                    p.At,
                    $"perturbation '{p.Name}' is confined to {p.Window}, and excerpts end at "
                        + $"{seconds.ToString("0.###", CultureInfo.InvariantCulture)} s",
                    "let 'window' begin earlier"
                ))
        );
    }

    private static void Require(IEnumerable<BenchmarkProblem> found)
    {
        BenchmarkProblem[] problems = [.. found];
        if (problems.Length > 0)
            throw new UserErrorException(string.Join('\n', problems.Select(p => p.ToString())));
    }

    /// <param name="emotions">Of the dataset.</param>
    /// <param name="concepts">Of the dataset; null where it rates none.</param>
    /// <param name="test">Its test clips.</param>
    /// <exception cref="UserErrorException">Something does not fit; the message lists every such thing.</exception>
    public static void Require(RunPlan plan, LabelSpace emotions, LabelSpace? concepts, IReadOnlyList<Clip> test)
    {
        var problems = new List<string>();
        foreach (PerturbationDefinition perturbation in plan.Definition.Perturbations)
        {
            if (perturbation.IsCorruption)
                CheckDomain(perturbation, problems);
            else
                CheckObjective(
                    $"{perturbation.At}: error: perturbation '{perturbation.Name}'",
                    perturbation.Objective,
                    emotions,
                    test,
                    problems
                );
        }

        foreach (ModelDefinition model in plan.Definition.Models)
        {
            if (model.Train?.Adversarial is { } adversarial)
                CheckObjective(
                    $"{adversarial.Attack.At}: error: adversarial training of '{model.Name}'",
                    adversarial.Objective,
                    emotions,
                    [],
                    problems
                );
        }

        foreach (ModelDefinition model in plan.Definition.Models.Where(m => m.Train is { ConceptWeight: > 0 } && concepts is null))
            problems.Add($"{model.At}: error: model '{model.Name}' has a concept-weight, but the dataset rates no concepts.");
        foreach (ModelDefinition model in plan.Definition.Models)
            if (concepts is null && model.Train?.Adversarial is { ConceptStability: not null } adversarial)
                problems.Add(
                    $"{adversarial.Attack.At}: error: adversarial training of '{model.Name}' keeps concepts stable, but the dataset rates "
                        + $"no concepts."
                );
        if (plan.Definition.Success.AnnotatorSd is not null && test.FirstOrDefault(c => c.EmotionSd is null) is { } without)
            problems.Add(
                $"{plan.Definition.File}: error: 'success: annotator-sd' needs a dataset with annotators' standard deviations, and clip "
                    + $"'{without.Id}' has none; give 'success: tolerance' instead."
            );
        if (problems.Count > 0)
            throw new UserErrorException(string.Join('\n', problems));
    }

    private static void CheckDomain(PerturbationDefinition perturbation, List<string> problems)
    {
        IReadOnlyList<Domain> domains = perturbation.Use.Create<ICorruption>().Domains;
        if (!domains.Contains(perturbation.Domain))
            problems.Add(
                $"{perturbation.At}: error: corruption '{perturbation.Use.Plugin.Id}' does not work on {Name(perturbation.Domain)}; it "
                    + $"works on {string.Join(" and ", domains.Select(Name))}."
            );
    }

    private static void CheckObjective(
        string where,
        string objective,
        LabelSpace emotions,
        IReadOnlyList<Clip> rated,
        List<string> problems
    )
    {
        try
        {
            if (Objective.Parse(objective, emotions).IsOverTime && !rated.Any(c => c.EmotionCurve is not null))
                problems.Add($"{where}: the objective '{objective}' needs clips that are rated over time, and these are rated as wholes.");
        }
        catch (FormatException e)
        {
            problems.Add($"{where}: {e.Message}");
        }
    }

    private static string Name(Domain domain) => domain.ToString().ToLowerInvariant();
}
