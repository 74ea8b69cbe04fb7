namespace MerBench.Host.Audit;

/// <summary>One attacked clip of a published attack log.</summary>
/// <param name="Line">Line of the file, from 1, on which the row begins.</param>
/// <param name="Norm">Logged L2 norm of the perturbation.</param>
/// <param name="SnrDb">Logged signal-to-noise ratio in dB, as the log's author defines it.</param>
/// <param name="Threshold">The correlation that the attack was to reach next; null where the log has none.</param>
/// <param name="Rating">Ratings, one an emotion.</param>
/// <param name="Clean">Predictions before the attack.</param>
/// <param name="Perturbed">Predictions after it, as logged.</param>
public sealed record AttackLogRow(
    int Line, string Clip, double Norm, double SnrDb, bool Converged, double? Threshold, double[] Rating, double[] Clean, double[] Perturbed)
{
    /// <summary>Mean absolute error of the clean prediction over emotions.</summary>
    public double CleanMae { get; } = Mae(Rating, Clean);

    /// <summary>Mean absolute error of the perturbed prediction over emotions.</summary>
    public double PerturbedMae { get; } = Mae(Rating, Perturbed);

    private static double Mae(double[] rating, double[] prediction) => rating.Zip(prediction, (r, p) => Math.Abs(r - p)).Average();
}

/// <summary>The log of one attack on one trained model.</summary>
/// <param name="System">Which kind of model.</param>
/// <param name="Seed">Which training of it.</param>
/// <param name="Settings">The attack's configuration, from <c>hparams.yaml</c> beside the log; empty without one.</param>
public sealed record AttackLog(
    string System, int Seed, string Path, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<AttackLogRow> Rows)
{
    /// <summary>A row as a person finds it.</summary>
    public string Place(AttackLogRow row) => FormattableString.Invariant($"{System} seed {Seed}, line {row.Line} ({row.Clip})");
}
