namespace MerBench.Tests;

/// <summary>Recurrent layers in the forms that exporters write.</summary>
internal static class RecurrentCases
{
    private const int Hidden = 4,
        Bands = 3;

    public static IEnumerable<OperatorCase> All()
    {
        foreach (string direction in (string[])["forward", "reverse", "bidirectional"])
        {
            yield return Layer("LSTM", 4, direction, "w r b _ h c -> y h1 c1");
            yield return Layer("GRU", 3, direction, "w r b _ h -> y h1", ("linear_before_reset", 1));
            yield return Layer("RNN", 1, direction, "w r b _ h -> y h1");
        }

        yield return Layer("GRU", 3, "forward", "w r b -> y h1");
        yield return Layer("LSTM", 4, "forward", "w r -> y");
    }

    private static OperatorCase Layer(string name, int gates, string direction, string flow, params (string, object)[] with)
    {
        long ways = direction == "bidirectional" ? 2 : 1;
        var graph = new CraftedGraph(14, new CraftedNode(name, $"x {flow}", [("hidden_size", Hidden), ("direction", direction), .. with]));
        graph.Weights("w", ways, gates * Hidden, Bands).Weights("r", ways, gates * Hidden, Hidden).Weights("b", ways, 2 * gates * Hidden);
        graph
            .Weights("h", ways, 2, Hidden)
            .Weights("c", ways, 2, Hidden)
            .Outputs([.. flow.Split("->")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        return new OperatorCase($"{name} {direction} {flow}", graph, [5, 2, Bands], true);
    }
}
