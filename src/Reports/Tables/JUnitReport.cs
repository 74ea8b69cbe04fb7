using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using MerBench.Analysis.Snapshots;
using MerBench.Host.IO;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

/// <summary>Comparisons with snapshots as JUnit XML: a suite a benchmark, a case a cell.</summary>
public static class JUnitReport
{
    /// <param name="strict">See <see cref="BenchmarkVerification.IsBroken"/>.</param>
    public static void Write(string path, IReadOnlyList<BenchmarkVerification> verifications, bool strict)
    {
        var document = new XDocument(new XElement("testsuites", verifications.Select(v => Suite(v, strict))));
        using var buffer = new MemoryStream();
        using (
            XmlWriter writer = XmlWriter.Create(
                buffer,
                new XmlWriterSettings
                {
                    Indent = true,
                    NewLineChars = "\n",
                    Encoding = new UTF8Encoding(false),
                }
            )
        )
            document.Save(writer);
        AtomicFile.Write(path, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static XElement Suite(BenchmarkVerification verification, bool strict)
    {
        XElement[] cases =
        [
            .. verification.Conditions.SelectMany(condition => condition.Cells.Select(cell => Case(verification, condition, cell, strict))),
        ];
        return new XElement(
            "testsuite",
            new XAttribute("name", Printable(verification.Benchmark)),
            new XAttribute("tests", cases.Length),
            new XAttribute("failures", cases.Count(c => c.Element("failure") is not null)),
            new XAttribute("errors", cases.Count(c => c.Element("error") is not null)),
            new XAttribute("skipped", 0),
            new XAttribute("time", verification.Seconds.ToString("0.000", CultureInfo.InvariantCulture)),
            new XAttribute("file", Printable(verification.File)),
            cases
        );
    }

    private static XElement Case(BenchmarkVerification verification, ConditionComparison condition, CellComparison cell, bool strict)
    {
        string text = Printable(string.Join('\n', condition.Explanation)),
            verdict = VerificationText.Describe(cell.Verdict);
        var element = new XElement(
            "testcase",
            new XAttribute("classname", Printable($"{Segment(verification.Benchmark)}.{Segment(condition.Model)}")),
            new XAttribute("name", Printable(Name(condition, cell))),
            new XAttribute("file", Printable(condition.At.File)),
            new XAttribute("line", condition.At.Line),
            new XAttribute("time", 0)
        );
        if (cell.Verdict == SnapshotVerdict.Failed)
            element.Add(new XElement("error", new XAttribute("message", Printable(cell.Note)), new XAttribute("type", verdict)));
        else if (BenchmarkVerification.Breaks(cell.Verdict, strict))
            element.Add(
                new XElement(
                    "failure",
                    new XAttribute("message", Printable($"{cell.Name}: {verdict}")),
                    new XAttribute("type", verdict),
                    text
                )
            );
        else if (cell.Verdict != SnapshotVerdict.Same)
            element.Add(new XElement("system-out", $"{verdict}\n{text}"));
        return element;
    }

    private static string Name(ConditionComparison condition, CellComparison cell) =>
        string.Create(CultureInfo.InvariantCulture, $"{condition.Perturbation} {condition.Strength} seed {cell.Seed}");

    // Viewers take dots for namespaces.
    private static string Segment(string name) => name.Replace('.', '_');

    // XML has no character for most of what is escaped here.
    private static string Printable(string text) => GuestText.EscapeLines(text);
}
