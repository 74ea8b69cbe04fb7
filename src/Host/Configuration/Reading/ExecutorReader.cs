using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

internal enum ExecutorKind
{
    Local,
    Slurm,
}

[BindPartially, Shorthand("use")]
internal sealed record ExecutorEntry(
    [Description("local (this machine) or slurm (a cluster); the option --executor wins.")] [Required] Located<ExecutorKind>? Use,
    SourceLocation At,
    [Description(
        "For slurm: shards, at-once, restarts, and any option of sbatch by its long name, as partition, time, mem, gres or account; "
            + "'merge' holds what differs for the job that merges."
    )]
        Node? With = null
);

/// <summary>Reads <c>executor:</c>. What Slurm is told is Slurm's to judge; what would break its jobs is refused.</summary>
internal sealed class ExecutorReader(BindingContext context)
{
    private const string MergeKey = "merge";

    /// <summary>Null where the benchmark does not say that a cluster computes it.</summary>
    public SlurmSettings? Read(ExecutorEntry? entry)
    {
        if (entry?.Use is not { } use)
            return null;
        var with = entry.With as MappingNode;
        if (use.Value == ExecutorKind.Slurm)
            return ReadSlurm(with);
        if (with is not null)
            context.Report(with.At, "'executor: local' has no options", "remove 'with'");
        return null;
    }

    private SlurmSettings ReadSlurm(MappingNode? with)
    {
        var settings = new SlurmSettings();
        foreach (MappingEntry entry in with?.Entries ?? [])
        {
            if (entry.Key.Text == MergeKey)
                settings = settings with { Merge = ReadMerge(entry.Value) };
            else if (ReadValue(entry, isOfMerge: false) is { } value)
                settings = settings.With(new SlurmOption(entry.Key.Text, value, entry.Key.At));
        }

        return settings;
    }

    private List<SlurmOption> ReadMerge(Node node)
    {
        var options = new List<SlurmOption>();
        if (node is not MappingNode mapping)
        {
            context.Unexpected(node, "a mapping of options that differ for the job that merges");
            return options;
        }

        foreach (MappingEntry entry in mapping.Entries)
            if (ReadValue(entry, isOfMerge: true) is { } value)
                options.Add(new SlurmOption(entry.Key.Text, value, entry.Key.At));
        return options;
    }

    private string? ReadValue(MappingEntry entry, bool isOfMerge)
    {
        if (entry.Value is not ScalarNode scalar)
        {
            if (entry.Value is BrokenNode)
                context.FailSilently();
            else
                context.Within(entry.Key.Text, () => context.Unexpected(entry.Value, "one value, as sbatch takes it"));
            return null;
        }

        string value = scalar.IsNull ? "" : scalar.Text;
        if (SlurmSettings.FindFault(entry.Key.Text, value, isOfMerge) is not { } fault)
            return value;
        context.Report(entry.Key.At, $"'{context.Path}': {fault.Message}", fault.Hint);
        return null;
    }
}
