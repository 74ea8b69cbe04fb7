using MerBench.Host.Results;

namespace MerBench.Host.Checks;

/// <summary>
/// A question whose answer may be a reason not to believe a cell. One class a check; <see cref="CheckList"/> has them all.
/// </summary>
internal interface ICheck
{
    /// <summary>Its name in results, in kebab-case.</summary>
    string Id { get; }

    CheckScope Scope { get; }
}

internal static class CheckReasons
{
    /// <summary>A doubt in the check's name.</summary>
    /// <param name="reason">What was seen, with numbers, and what to do.</param>
    public static Doubt Doubt(this ICheck check, FormattableString reason) => new(check.Id, FormattableString.Invariant(reason));
}
