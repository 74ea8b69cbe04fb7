namespace MerBench.Host.Runs;

/// <summary>Writes what people look at and listen to once the results of a run are there.</summary>
public interface IRunArtifacts
{
    /// <summary>What is written, in a word.</summary>
    string Name { get; }

    /// <returns>Whether all of it was.</returns>
    /// <exception cref="OperationCanceledException">The user stopped it; the results stand.</exception>
    bool Write(OpenRun run, CancellationToken cancel);
}
