namespace MerBench.Host.Results;

/// <summary>
/// The rule for values that are not defined, as a correlation with constant ratings or predictions is not: whatever is set against each
/// other (clean and perturbed, seeds of a model, two runs) is taken over the same labels, those in which a metric is defined everywhere.
/// The others are left out, and are said to be.
/// </summary>
public sealed class SharedLabels
{
    private readonly IReadOnlyList<MetricResult> _results;

    private SharedLabels(IReadOnlyList<MetricResult> results, IReadOnlyList<string> labels, IReadOnlyList<string>? leftOut) =>
        (_results, Labels, LeftOut) = (results, labels, leftOut);

    /// <summary>Those in which the metric is defined, clean and perturbed, in all results.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The others; null where there are none.</summary>
    public IReadOnlyList<string>? LeftOut { get; }

    /// <summary>The mean over results of <see cref="Means"/>.</summary>
    public MetricValue Mean => Average([.. Means]);

    /// <summary>Each result's mean over the labels.</summary>
    public IEnumerable<MetricValue> Means => _results.Select(r => Average([.. Labels.Select(label => r.PerLabel[label])]));

    /// <summary>Of one metric in one or several results.</summary>
    public static SharedLabels Find(IReadOnlyList<MetricResult> results) => Find(results, value => value.Harm is not null);

    /// <summary>The same where perturbed predictions are not looked at: labels in which the clean value is defined.</summary>
    public static SharedLabels FindClean(IReadOnlyList<MetricResult> results) => Find(results, value => value.Clean is not null);

    /// <summary>A label's mean over results; null where it is left out.</summary>
    public MetricValue? OfLabel(string label) =>
        Labels.Contains(label, StringComparer.Ordinal) ? Average([.. _results.Select(r => r.PerLabel[label])]) : null;

    private static SharedLabels Find(IReadOnlyList<MetricResult> results, Func<MetricValue, bool> isDefined)
    {
        string[] all = [.. results.SelectMany(r => r.PerLabel.Keys).Distinct(StringComparer.Ordinal)],
            shared = [.. all.Where(label => results.All(r => r.PerLabel.TryGetValue(label, out MetricValue? v) && isDefined(v)))];
        return new SharedLabels(results, shared, shared.Length == all.Length ? null : [.. all.Except(shared, StringComparer.Ordinal)]);
    }

    // The average of none is null.
    private MetricValue Average(IReadOnlyCollection<MetricValue> values) =>
        new(values.Average(v => v.Clean), values.Average(v => v.Perturbed), values.Average(v => v.Harm)) { LeftOut = LeftOut };
}
