namespace MerBench.Host.Results;

/// <summary>Emotions of one clip over time, <c>[K][E]</c>: at the moments that its dataset rates.</summary>
/// <param name="Rated">NaN where nobody rated.</param>
/// <param name="Clean">Predicted for the clean clip.</param>
/// <param name="Perturbed">Predicted for the perturbed one.</param>
/// <param name="Sd">Standard deviation over annotators; null where the dataset has none.</param>
public sealed record ClipCurve(double[][] Rated, double[][] Clean, double[][] Perturbed, double[][]? Sd)
{
    /// <summary>How much the perturbation raised the mean absolute error at a moment, over the emotions that are rated then; NaN where none
    /// is.</summary>
    public double MeasureHarm(int moment) =>
        Average(moment, e => Math.Abs(Perturbed[moment][e] - Rated[moment][e]) - Math.Abs(Clean[moment][e] - Rated[moment][e]));

    /// <summary>How far the prediction moved at a moment, the mean over emotions.</summary>
    public double MeasureChange(int moment) => Average(moment, e => Math.Abs(Perturbed[moment][e] - Clean[moment][e]));

    private double Average(int moment, Func<int, double> value) =>
        Enumerable.Range(0, Rated[moment].Length).Select(value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
