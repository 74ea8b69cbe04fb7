namespace MerBench.Host.Runs;

/// <summary>Writes what people look at and listen to once the results of a run are there.</summary>
public interface IRunArtifacts
{
    /// <exception cref="OperationCanceledException">The user stopped it; the results stand.</exception>
    void Write(OpenRun run, CancellationToken cancel);
}
