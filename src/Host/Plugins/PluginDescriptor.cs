using MerBench.Host.Bibliography;

namespace MerBench.Host.Plugins;

/// <summary>What a plugin is.</summary>
public enum PluginKind
{
    Model,
    FrontEnd,
    Attack,
    Corruption,
    Dataset,
    Metric,
}

/// <summary>Whether a plugin can be used, and if not, why.</summary>
public enum PluginState
{
    Ready,
    NeedsAnotherContract,
    MissingDependency,
    BadOptionsType,
    DuplicateId,
    ThrewInConstructor,
    EndsItsProcess,
    NotAPlugin,
}

/// <summary>One plugin class, or one assembly that could not be read as plugins.</summary>
/// <param name="Id">The id in YAML; the assembly's name where no class could be read.</param>
/// <param name="Reason">For a state other than ready: what is wrong and what to do.</param>
public sealed record PluginDescriptor(
    PluginKind? Kind,
    string Id,
    string Summary,
    string Source,
    string AssemblyPath,
    PluginState State,
    string Reason = ""
)
{
    /// <summary>The plugin class; set when ready.</summary>
    public Type? Type { get; init; }

    /// <summary>The record that <c>with:</c> binds to; null when the plugin has no options.</summary>
    public Type? OptionsType { get; init; }

    /// <summary>False for a corruption that changes what listeners feel, so that ratings no longer hold.</summary>
    public bool LabelPreserving { get; init; } = true;

    /// <summary>What an attack asks the model for.</summary>
    public AttackKnowledge Knowledge { get; init; }

    /// <summary>False for an attack that makes one step.</summary>
    public bool IsIterative { get; init; } = true;

    /// <summary>True for an attack that looks for the smallest perturbation that succeeds.</summary>
    public bool MinimisesNorm { get; init; }

    /// <summary>
    /// True for a model that promises to convolve whole blocks of channels alone (<see cref="ModelAttribute.FillsChannelBlocks"/>).
    /// </summary>
    public bool FillsChannelBlocks { get; init; }

    /// <summary>True for a model that runs code which its options name (<see cref="ModelAttribute.RunsForeignCode"/>).</summary>
    public bool RunsForeignCode { get; init; }

    /// <summary>How a metric describes itself; null for other plugins.</summary>
    public MetricDescription? Metric { get; init; }

    /// <summary>What to cite, as the plugin's author wrote it.</summary>
    public IReadOnlyList<PluginReference> References { get; init; } = [];

    /// <summary>Kind and id, such as <c>attack/pgd</c>.</summary>
    public string Name => $"{Kind.ToString()!.ToLowerInvariant()}/{Id}";

    /// <summary>A warning about a plugin that works all the same; empty when there is none.</summary>
    public string Note { get; init; } = "";

    /// <summary>Makes an instance; exceptions of the plugin's constructor come out as they are.</summary>
    public object Create(object? options)
    {
        try
        {
            return Activator.CreateInstance(Type!, OptionsType is null ? [] : [options])!;
        }
        catch (System.Reflection.TargetInvocationException e) when (e.InnerException is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }
}
