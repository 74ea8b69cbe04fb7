using System.Globalization;
using MerBench.Host.Bibliography;

namespace MerBench.Reports.Bibliography;

/// <summary>What MerBench's own methods stem from: statistics, training, checks.</summary>
internal static class OwnReferences
{
    public const string MerBench = "merbench",
        LibTorch = "paszke2019",
        Bootstrap = "owen2007",
        CrossedTest = "clark1973",
        DegreesOfFreedom = "satterthwaite1946",
        Holm = "holm1979",
        Equivalence = "schuirmann1987",
        Adam = "kingma2015",
        Trades = "zhang2019trades",
        FreeTraining = "shafahi2019",
        NoiseAugmentation = "cohen2019";

    /// <summary>Where the checks for false robustness come from.</summary>
    public static readonly IReadOnlyList<string> Checks = ["athalye2018", "carlini2019", "pintor2022"];

    private static readonly Lazy<IReadOnlyDictionary<string, BibTexEntry>> Entries = new(() =>
    {
        using Stream stream = typeof(OwnReferences).Assembly.GetManifestResourceStream("own-references.bib")!;
        using var reader = new StreamReader(stream);
        return BibTexReader.Read(reader.ReadToEnd()).ToDictionary(e => e.Key, StringComparer.Ordinal);
    });

    /// <summary>The entry of a key.</summary>
    /// <param name="version">Of the MerBench that ran.</param>
    /// <param name="ran">When it ran.</param>
    public static BibTexEntry Find(string key, string version, DateTimeOffset ran) =>
        key != MerBench
            ? Entries.Value[key]
            : new BibTexEntry(
                "misc",
                MerBench,
                [
                    new("author", "{The MerBench authors}"),
                    new("title", "{MerBench}: A Benchmark for the Robustness of Music Emotion Recognition Models"),
                    new("howpublished", $"Software, version {version}"),
                    new("year", ran.Year.ToString(CultureInfo.InvariantCulture)),
                ]
            );
}
