using System.Security.Cryptography;
using System.Text;

namespace MerBench.Reports.Html;

/// <summary>Styles and scripts that pages carry, embedded in this assembly; eng/report-assets fetches those of others.</summary>
internal static class PageAssets
{
    private const string Prefix = "MerBench.Html.";

    /// <summary>Vega, Vega-Lite and Vega-Embed, after the licences of all that is in them.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
    [$"/*\n{Read("licences.txt").Trim()}\n*/\n{Read("vega.min.js")}", Read("vega-lite.min.js"), Read("vega-embed.min.js")];

    public static IReadOnlyList<string> PageScripts { get; } =
    [.. new[] { "data.js", "filters.js", "charts.js", "tables.js" }.Select(Read)];

    public static string Read(string name)
    {
        using Stream stream =
            typeof(PageAssets).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new ArgumentException($"There is no asset '{name}'.", nameof(name));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Allows these scripts, by their hashes, and pictures and sounds that stand in the page; forbids the network. Vega-Embed adds
    /// styles while it runs.</summary>
    public static string Policy(IEnumerable<string> scripts) =>
        $"default-src 'none'; script-src "
        + $"{string.Join(' ', scripts.Select(s => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(s)))}'"))}; "
        + $"style-src 'unsafe-inline'; img-src data: blob:; media-src data: blob:; base-uri 'none'; form-action 'none'";
}
