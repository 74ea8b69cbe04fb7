namespace MerBench.Host.Results;

/// <summary>What a model proves at a budget, beside what a perturbation reached; means over seeds.</summary>
/// <param name="Budget">The budget as tables write it.</param>
/// <param name="Clean">Error of the clean predictions.</param>
/// <param name="Perturbed">Error that the perturbation reached.</param>
/// <param name="Certified">Error that no perturbation of the budget exceeds; not defined where nothing is proven of a clip.</param>
/// <param name="Width">Mean length of the intervals.</param>
/// <param name="Radius">The largest perturbation, in the budget's norm, that is proven to move no prediction by the tolerance, median over
/// clips; null where half of the clips have none.</param>
public sealed record CertifiedRow(
    string Model,
    string Perturbation,
    string Budget,
    double Clean,
    double Perturbed,
    double Certified,
    double Width,
    double? Radius
)
{
    /// <summary>How far the strongest attack stays behind the proof; the truth lies between.</summary>
    public double Gap => Certified - Perturbed;

    /// <summary>With which probability the intervals of a clip hold.</summary>
    public required double Confidence { get; init; }

    /// <summary>How many seeds were averaged.</summary>
    public required int Seeds { get; init; }

    /// <summary>Clips, of all seeds, that were perturbed beyond the proof.</summary>
    public required int Violations { get; init; }

    /// <summary>A row for each model, perturbation and budget of which something is proven.</summary>
    public static IReadOnlyList<CertifiedRow> Summarise(IEnumerable<CellOutcome> outcomes) =>
        [
            .. outcomes
                .Where(o => o.Result?.Certified is not null)
                .GroupBy(o => (Model: o.Cell.Model.Name, Perturbation: o.Cell.Perturbation.Name, o.Cell.Strength))
                .Select(group =>
                {
                    CertifiedResult[] seeds = [.. group.Select(o => o.Result!.Certified!)];
                    return new CertifiedRow(
                        group.Key.Model,
                        group.Key.Perturbation,
                        group.Key.Strength,
                        seeds.Average(s => s.Clean),
                        seeds.Average(s => s.Perturbed),
                        seeds.Average(s => s.Error),
                        seeds.Average(s => s.Width),
                        seeds.All(s => s.Radius is not null) ? seeds.Average(s => s.Radius) : null
                    )
                    {
                        Confidence = seeds.Min(s => s.Confidence),
                        Seeds = seeds.Length,
                        Violations = seeds.Sum(s => s.Violations),
                    };
                }),
        ];
}
