namespace MerBench.Tests.Architecture;

/// <summary>The formatter breaks code at 140 columns, and leaves long texts and comments to people.</summary>
public sealed class LineLengthTests
{
    private const int Width = 140;
    private const string RawQuotes = "\"\"\"";

    // Samples and templates are laid out for their readers; SQL and HTML in raw literals as they are to be read.
    [TestCase("src")]
    [TestCase("plugins")]
    [TestCase("tool")]
    [TestCase("tests")]
    [TestCase("perf")]
    public void A_line_has_at_most_140_columns_but_in_raw_literals(string folder)
    {
        IEnumerable<string> files = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Repository.Root, f).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
        Assert.That(files.SelectMany(FindLongLines), Is.Empty);
    }

    private static IEnumerable<string> FindLongLines(string file)
    {
        bool isRaw = false;
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            int quotes = line.Split(RawQuotes).Length - 1;
            if (!isRaw && quotes == 0 && line.Length > Width)
                yield return $"{Path.GetRelativePath(Repository.Root, file)}:{number}: {line.Length} columns";
            isRaw ^= quotes % 2 == 1;
        }
    }
}
