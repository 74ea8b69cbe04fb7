namespace MerBench.Analysis.Audit;

/// <summary>Something that a reader of the published numbers should know.</summary>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Evidence">What the logs show.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Rows">The rows that show it; empty when it is a property of the whole.</param>
public sealed record AuditFinding(string Title, string Evidence, string Why, IReadOnlyList<string> Rows);
