namespace MerBench.Host.Results;

/// <summary>What a defence costs and what it gains at a budget, with and without adaptation of the attack; means over seeds of
/// <see cref="AdaptationResult"/>.</summary>
/// <param name="Budget">The budget as tables write it.</param>
public sealed record DefenceRow(string Model, string Undefended, string Perturbation, string Budget)
{
    /// <inheritdoc cref="AdaptationResult.UndefendedClean"/>
    public required double UndefendedClean { get; init; }

    /// <inheritdoc cref="AdaptationResult.UndefendedAttacked"/>
    public required double UndefendedAttacked { get; init; }

    /// <inheritdoc cref="AdaptationResult.Clean"/>
    public required double Clean { get; init; }

    /// <inheritdoc cref="AdaptationResult.Unadapted"/>
    public required double Unadapted { get; init; }

    /// <inheritdoc cref="AdaptationResult.Adapted"/>
    public required double Adapted { get; init; }

    /// <summary>How many clips were compared, a seed.</summary>
    public required int Clips { get; init; }

    /// <summary>How many seeds were averaged.</summary>
    public required int Seeds { get; init; }

    /// <summary>By how much the defence raises the clean error.</summary>
    public double Cost => Clean - UndefendedClean;

    /// <summary>By how much it lowers the error under the stronger of the two attacks.</summary>
    public double Gain => UndefendedAttacked - Math.Max(Adapted, Unadapted);

    /// <summary>The share of the harm found without the defence that is left behind it without adaptation; null where there was no
    /// harm.</summary>
    public double? Survival => ShareOfHarm(Unadapted);

    /// <summary>The harm of the attack that knows the defence, as a share of what is found without the defence.</summary>
    public double? AdaptedSurvival => ShareOfHarm(Adapted);

    private double? ShareOfHarm(double attacked) =>
        UndefendedAttacked - UndefendedClean is > 0 and var harm ? (attacked - Clean) / harm : null;

    /// <summary>A row for each defended model, attack and budget.</summary>
    public static IReadOnlyList<DefenceRow> Summarise(IEnumerable<CellOutcome> outcomes) =>
        [
            .. outcomes
                .Where(o => o.Result?.Adaptation is not null)
                .GroupBy(o => (Model: o.Cell.Model.Name, Perturbation: o.Cell.Perturbation.Name, o.Cell.Strength))
                .Select(group =>
                {
                    AdaptationResult[] seeds = [.. group.Select(o => o.Result!.Adaptation!)];
                    return new DefenceRow(group.Key.Model, seeds[0].Undefended, group.Key.Perturbation, group.Key.Strength)
                    {
                        UndefendedClean = seeds.Average(s => s.UndefendedClean),
                        UndefendedAttacked = seeds.Average(s => s.UndefendedAttacked),
                        Clean = seeds.Average(s => s.Clean),
                        Unadapted = seeds.Average(s => s.Unadapted),
                        Adapted = seeds.Average(s => s.Adapted),
                        Clips = seeds.Min(s => s.Clips),
                        Seeds = seeds.Length,
                    };
                }),
        ];
}
