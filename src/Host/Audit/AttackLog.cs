namespace MerBench.Host.Audit;

/// <summary>One attacked clip of an attack log. What the log does not tell is null.</summary>
/// <param name="Line">Line of a CSV file on which the row begins, number of the row in a Parquet file; from 1.</param>
/// <param name="Rating">Ratings, one an emotion, on the scale 0 to 1.</param>
/// <param name="Clean">Predictions before the attack.</param>
/// <param name="Perturbed">Predictions after it, as logged.</param>
public sealed record AttackLogRow(int Line, string Clip, double[] Rating, double[] Clean, double[] Perturbed)
{
    /// <summary>L2 norm of the perturbation.</summary>
    public double? L2 { get; init; }

    /// <summary>L-infinity norm of the perturbation.</summary>
    public double? Linf { get; init; }

    /// <summary>Signal-to-noise ratio in dB, as the log's author defines it.</summary>
    public double? SnrDb { get; init; }

    /// <summary>Whether the attack reached its own goal.</summary>
    public bool? Converged { get; init; }

    /// <summary>The correlation that the attack was to reach next.</summary>
    public double? Threshold { get; init; }

    /// <summary>The largest L2 norm that the attack was configured to use.</summary>
    public double? BudgetL2 { get; init; }

    /// <summary>The largest L-infinity norm that the attack was configured to use.</summary>
    public double? BudgetLinf { get; init; }

    /// <summary>Mean absolute error of the clean prediction over emotions.</summary>
    public double CleanMae { get; } = Mae(Rating, Clean);

    /// <summary>Mean absolute error of the perturbed prediction over emotions.</summary>
    public double PerturbedMae { get; } = Mae(Rating, Perturbed);

    /// <summary>The same with predictions clipped to the rating scale.</summary>
    public double ClippedMae { get; } = Mae(Rating, [.. Perturbed.Select(p => Math.Clamp(p, 0, 1))]);

    private static double Mae(double[] rating, double[] prediction) => rating.Zip(prediction, (r, p) => Math.Abs(r - p)).Average();
}

/// <summary>The log of one attack on one trained model.</summary>
/// <param name="System">Which kind of model.</param>
/// <param name="Seed">Which training of it.</param>
/// <param name="Emotions">What the numbers of a rating stand for.</param>
public sealed record AttackLog(string System, int Seed, string Path, IReadOnlyList<string> Emotions, IReadOnlyList<AttackLogRow> Rows)
{
    /// <summary>A row as a person finds it.</summary>
    public string Place(AttackLogRow row) =>
        FormattableString.Invariant($"{System} seed {Seed}, {(IsParquet ? "row" : "line")} {row.Line} ({row.Clip})");

    private bool IsParquet => Path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
}
