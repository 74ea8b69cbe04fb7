namespace MerBench.Host.Drafts;

/// <summary>Who builds, and verifies benchmarks at each change.</summary>
public enum BuildServer
{
    GitHub,
    GitLab,
}
