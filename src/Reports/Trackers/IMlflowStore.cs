namespace MerBench.Reports.Trackers;

/// <summary>Where MLflow keeps runs.</summary>
internal interface IMlflowStore
{
    /// <summary>Writes a run under an experiment, which is made where it is not there.</summary>
    /// <param name="parent">What an earlier call returned; null for a run above others.</param>
    /// <returns>The run's id in the store.</returns>
    string Write(string experiment, TrackedRun run, string? parent);

    /// <summary>What could not be written, and why; null where all was.</summary>
    string? LeftOut { get; }
}
