using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>A small graph around an operator, and what it is asked for.</summary>
public sealed class OperatorCase
{
    private readonly long[] _shape;

    internal OperatorCase(string name, CraftedGraph graph, long[] shape, bool hasGradient)
    {
        (Name, Graph, _shape, HasGradient) = (name, graph, shape, hasGradient);
        graph.Input([.. shape.Select((s, d) => d == 0 ? "batch" : (object)s)]);
    }

    public string Name { get; }

    internal CraftedGraph Graph { get; }

    /// <summary>Whether the output depends smoothly on the input.</summary>
    public bool HasGradient { get; }

    /// <summary>Where values begin: functions such as logarithms take positive numbers.</summary>
    public double From { get; init; } = -1;

    /// <summary>Values between that and 2 more, no two alike.</summary>
    public Tensor Input()
    {
        Tensor at = arange(_shape.Aggregate(1L, (a, b) => a * b), float64);
        return (at * 0.618034).remainder(1).mul(2).add(From).to(float32).reshape(_shape);
    }

    public override string ToString() => Name;
}
