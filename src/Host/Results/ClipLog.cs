namespace MerBench.Host.Results;

/// <summary>The clips of one trained model under one perturbation, of a finished cell or as others published them.</summary>
/// <param name="System">Which kind of model.</param>
/// <param name="Seed">Which training of it.</param>
/// <param name="Path">The file that they were read from; empty where there is none.</param>
/// <param name="Emotions">What the numbers of a rating stand for.</param>
public sealed record ClipLog(string System, int Seed, string Path, IReadOnlyList<string> Emotions, IReadOnlyList<ClipRow> Rows)
{
    /// <summary>Errors, means over clips.</summary>
    public PairedError Error => new(Rows.Average(r => r.Error.Clean), Rows.Average(r => r.Error.Perturbed));

    /// <summary>How much the perturbation raised the mean error.</summary>
    public double Harm => Error.Harm;
}
