using System.Text.Json;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Plugins;

namespace MerBench.Host.Distribution;

/// <summary>How much work cells and trainings are, from what the benchmark file says alone: everybody who plans reckons the same. In
/// forward passes of the test clips; a gradient counts as two more.</summary>
internal static class WorkOfPlan
{
    private const double Unknown = 50,
        Prediction = 1,
        ForwardAndBackward = 3;

    public static double OfCell(Cell cell) =>
        cell.Perturbation.IsCorruption ? Prediction : Prediction + cell.Perturbation.Use.WithInner().Sum(OfAttack);

    /// <param name="clips">Training clips for each test clip.</param>
    public static double OfTraining(ModelDefinition model, double clips)
    {
        if (model.Weights is not null || model.Train is not { } recipe)
            return 0;
        double epoch = clips * ForwardAndBackward,
            attacked = recipe.Adversarial is { } adversarial ? epoch * adversarial.Attack.WithInner().Sum(OfAttack) / adversarial.Every : 0;
        return recipe.Epochs * ((epoch * (recipe.Free?.Replays ?? 1)) + attacked);
    }

    private static double OfAttack(PluginUse attack)
    {
        using var options = JsonDocument.Parse(attack.OptionsJson);
        double restarts = Math.Max(1, Number(options.RootElement, "restarts") ?? 1);
        double? steps = Number(options.RootElement, "steps") * ForwardAndBackward;
        return restarts * (steps ?? Number(options.RootElement, "queries") ?? Unknown);
    }

    private static double? Number(JsonElement options, string name) =>
        options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;
}
