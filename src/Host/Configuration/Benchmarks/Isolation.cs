namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>Where cells run that need code of others than MerBench: plugins of third parties, modules that a file names.</summary>
public enum Isolation
{
    /// <summary>In worker processes, which are thrown away when they crash or exceed a limit.</summary>
    Process,

    /// <summary>In the process of the run.</summary>
    None,
}
