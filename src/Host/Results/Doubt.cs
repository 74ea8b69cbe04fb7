namespace MerBench.Host.Results;

/// <summary>A reason not to believe a cell: the model may be less robust than its harm says.</summary>
/// <param name="Check">The check's id, in kebab-case.</param>
/// <param name="Reason">What was seen, with numbers, and what to do.</param>
public sealed record Doubt(string Check, string Reason);
