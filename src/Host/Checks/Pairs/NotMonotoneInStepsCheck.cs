using System.Text.Json.Nodes;
using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Checks.Pairs;

/// <summary>An attack that asks the model more often, all else equal, must not find less.</summary>
internal sealed class NotMonotoneInStepsCheck : PairCheck
{
    // How attacks call, in YAML, how often they ask the model (docs/plugins.md).
    private static readonly string[] OptionsOfEffort = ["steps", "queries"];

    public override string Id => "not-monotone-in-steps";

    protected override string? Blame(CellPair pair) =>
        pair.IsOnePlugin && AsksMoreOften(pair.Strong.Cell, pair.Weak.Cell) ? "it finds less than with fewer calls:" : null;

    private static bool AsksMoreOften(Cell strong, Cell weak)
    {
        JsonObject a = ReadOptions(strong);
        JsonObject b = ReadOptions(weak);
        string[] differing = [.. a.Select(p => p.Key).Where(key => !JsonNode.DeepEquals(a[key], b[key]))];
        return differing is [var only] && OptionsOfEffort.Contains(only) && ReadCount(a[only]) > ReadCount(b[only]);
    }

    private static JsonObject ReadOptions(Cell cell) => JsonNode.Parse(cell.Perturbation.Use.OptionsJson)!.AsObject();

    // Another plugin may call something else so that is no number; then nothing is to be expected.
    private static long? ReadCount(JsonNode? option) => option is JsonValue value && value.TryGetValue(out long count) ? count : null;
}
