using MerBench.Host.Checks.Cells;
using MerBench.Host.Checks.Models;
using MerBench.Host.Checks.Pairs;
using MerBench.Host.Checks.Results;

namespace MerBench.Host.Checks;

/// <summary>
/// All checks, in the order of their doubts in results. A new one is a class in Models/, Results/, Cells/ or Pairs/, a line here, and a
/// line in docs/checks.md.
/// </summary>
internal static class CheckList
{
    /// <summary>Asked once a model and domain.</summary>
    public static IReadOnlyList<IModelCheck> OfModels { get; } =
    [
        new RandomModelCheck(),
        new TrainModeCheck(),
        new BatchDependentCheck(),
        new NotDifferentiableCheck(),
        new SaturatedCheck(),
        new PredictionWrongCheck(),
        new GradientWrongCheck(),
    ];

    /// <summary>Asked of every finished cell.</summary>
    public static IReadOnlyList<IResultCheck> OfResults { get; } =
    [new OffScaleCheck(), new BeyondCertificateCheck(), new NotAdaptiveCheck()];

    /// <summary>Asked of every cell of an attack.</summary>
    public static IReadOnlyList<ICellCheck> OfCells { get; } =
    [
        new HugeBudgetCheck(),
        new PrecisionCheck(),
        new GradientNanCheck(),
        new GradientZeroCheck(),
        new GradientExplodesCheck(),
        new NotConvergedCheck(),
        new NotTheBestCheck(),
        new LostIn16BitCheck(),
        new OtherObjectiveCheck(),
    ];

    /// <summary>Asked of every two attacked cells of one model, seed, domain and objective.</summary>
    public static IReadOnlyList<PairCheck> OfPairs { get; } =
    [
        new NotMonotoneInBudgetCheck(),
        new NotMonotoneInStepsCheck(),
        new WeakerThanOneStepCheck(),
        new WeakerThanNoiseCheck(),
        new WeakerThanQueriesCheck(),
        new WeakerThanTransferCheck(),
    ];

    public static IReadOnlyList<ICheck> All { get; } = [.. OfModels, .. OfResults, .. OfCells, .. OfPairs];
}
