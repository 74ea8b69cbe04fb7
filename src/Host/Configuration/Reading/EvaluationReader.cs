using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

[BindPartially, Shorthand("use")]
internal sealed record EvaluationSetEntry(
    [Description("The dataset plugin's id; 'merbench list' shows them.")] [Required] Located<string>? Use,
    SourceLocation At,
    [Description("The plugin's options; 'merbench describe' shows them.")] Node? With = null,
    [Description(
        "For emotions of the benchmark's dataset, which emotion of this one they are, and on which scale. Left out: those of the same "
            + "name, from scale to scale."
    )]
        IReadOnlyDictionary<string, Located<LabelEntry>>? Labels = null
);

[BindPartially, Shorthand("from")]
internal sealed record LabelEntry(
    [Description("The emotion of this dataset; the same name when left out.")] string? From = null,
    [Description("Its ratings at the ends of the benchmark's scale, such as [1, 9]; the ends of its own scale when left out.")]
    [Length(2, 2)]
        IReadOnlyList<double>? Scale = null,
    [Description("1, or -1 where it rates the opposite.")] [AllowedValues(1, -1)] int Sign = 1,
    [Description("Instead of 'scale': [factor, offset], so that factor x rating + offset is a rating of the benchmark's dataset.")]
    [Length(2, 2)]
        IReadOnlyList<double>? Affine = null
);

/// <summary>Reads <c>evaluate-on:</c>.</summary>
internal sealed class EvaluationReader(PluginResolver plugins, BindingContext context)
{
    public EvaluationSet? Read(string name, EvaluationSetEntry entry)
    {
        PluginUse? use = plugins.Resolve(entry.Use, entry.With, entry.At, PluginKind.Dataset);
        var rules = new Dictionary<string, LabelRule>(StringComparer.OrdinalIgnoreCase);
        foreach ((string emotion, Located<LabelEntry> label) in entry.Labels ?? new Dictionary<string, Located<LabelEntry>>())
            if (!rules.TryAdd(emotion, Read(label)))
                context.Report(label.At, $"the emotion '{emotion}' is listed twice");
        return use is null ? null : new EvaluationSet(name, use, rules, entry.At);
    }

    private LabelRule Read(Located<LabelEntry> label)
    {
        LabelEntry entry = label.Value;
        if (entry is { Scale: not null, Affine: not null })
            context.Report(label.At, "a label has both 'scale' and 'affine'", "give one of the two");
        if (entry.Scale is [var low, var high] && (low == high || !double.IsFinite(low) || !double.IsFinite(high)))
            context.Report(label.At, "a scale has two ends that differ", "write for example [1, 9]");
        if (entry.Affine is [var factor, var offset] && (factor == 0 || !double.IsFinite(factor) || !double.IsFinite(offset)))
            context.Report(label.At, "'affine' maps all ratings to one", "write [factor, offset] with a factor other than 0");
        if (entry is { Affine: not null, Sign: -1 })
            context.Report(label.At, "'affine' has a sign of its own", "leave 'sign' out, and make the factor negative");
        return new LabelRule(
            entry.From,
            entry.Scale is [var from, var to] ? (from, to) : null,
            entry.Sign == -1,
            entry.Affine is [var times, var plus] ? (times, plus) : null
        );
    }
}
