namespace MerBench.Host.Training;

/// <summary>How the loss of a training's batches developed while it was finite.</summary>
internal sealed class LossGrowth
{
    private const double Grown = 10;

    private double? _first;

    public double Last { get; private set; }

    public double First => _first ?? 0;

    /// <summary>Whether it rose to many times what it was.</summary>
    public bool IsRunaway => _first is { } first && Last > Grown * first;

    public bool IsEmpty => _first is null;

    public void Add(double loss)
    {
        _first ??= loss;
        Last = loss;
    }
}
