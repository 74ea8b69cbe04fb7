using MerBench.Host.Plugins;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>How a model hears recordings: what turns them into features, at which sample rate, and which part of them.</summary>
/// <param name="Excerpt">What the file says about excerpts; the rest is the dataset's choice.</param>
public sealed record Ears(PluginUse FrontEnd, PreparationOverrides Excerpt)
{
    // Where in a file they are described makes no difference.
    private (string FrontEnd, string Options, PreparationOverrides Excerpt) Identity =>
        (FrontEnd.Plugin.Name, FrontEnd.OptionsJson, Excerpt);

    public bool Equals(Ears? other) => other is not null && Identity == other.Identity;

    public override int GetHashCode() => Identity.GetHashCode();
}
