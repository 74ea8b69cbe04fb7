using System.Text.RegularExpressions;
using MerBench.Host;

namespace MerBench.Reports.Archives;

/// <summary>Under what terms an archive may be used, as its authors say.</summary>
/// <param name="Address">A page that states them; null where the authors have chosen none.</param>
/// <param name="Name">Short, for people.</param>
public sealed partial record ArchiveTerms(string? Address, string Name)
{
    private const string Spdx = "https://spdx.org/licenses/";

    public static ArchiveTerms NotChosen { get; } = new(null, "no licence chosen");

    /// <summary>The identifier by the list of SPDX; null where there is none.</summary>
    public string? Identifier => Address?.StartsWith(Spdx, StringComparison.Ordinal) == true ? Name : null;

    /// <summary>What that means, in a sentence.</summary>
    public string Note =>
        Address is null
            ? "The authors of this run have not chosen a licence: all rights are theirs, and others must ask them."
            : $"These results may be used under {Name} ({Address}).";

    /// <param name="text">An identifier of SPDX such as <c>CC-BY-4.0</c>, or the address of a licence; null for none.</param>
    /// <exception cref="UserErrorException">It is neither.</exception>
    public static ArchiveTerms Read(string? text)
    {
        if (text is null)
            return NotChosen;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http")
            return new ArchiveTerms(text, text);
        return IdentifierPattern().IsMatch(text)
            ? new ArchiveTerms(Spdx + text, text)
            : throw new UserErrorException(
                $"'{text}' names no licence: expected an identifier of https://spdx.org/licenses, such as CC-BY-4.0, or an address."
            );
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.+-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdentifierPattern();
}
