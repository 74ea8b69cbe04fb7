using MerBench.Host;

namespace MerBench.Analysis.Comparisons;

/// <summary>Two names for what belongs together: <c>before=after</c>.</summary>
public sealed record NamePair(string Before, string After)
{
    /// <param name="option">Where it was written, for the error.</param>
    /// <exception cref="UserErrorException">It is no pair of names.</exception>
    public static NamePair Parse(string option, string text) =>
        text.Split('=') is [{ Length: > 0 } before, { Length: > 0 } after]
            ? new NamePair(before.Trim(), after.Trim())
            : throw new UserErrorException($"{option} {text}: expected two names as BEFORE=AFTER, such as {option} old=new.");
}
