using System.Globalization;
using System.Text;
using MerBench.Host.Options;
using MerBench.Host.Text;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Checks the names that users choose: they become folders, files and rows of tables.</summary>
internal sealed class NameRules(BindingContext context)
{
    // File systems take 255 bytes a name, of which those of folders and pictures are a part.
    private const int Longest = 80,
        LongestInBytes = 200;

    // What Windows keeps for itself, with any ending: results travel.
    private static readonly string[] Reserved =
    [
        "con",
        "prn",
        "aux",
        "nul",
        .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"com{n}", $"lpt{n}" }),
    ];

    /// <param name="root">The document.</param>
    /// <param name="path">The file's, whose name stands in for the benchmark's.</param>
    public void Check(Node root, string path)
    {
        if (root is not MappingNode file)
            return;
        if (file.Find("name") is not { } name)
            Check("the file's name, which names the benchmark,", Path.GetFileNameWithoutExtension(path), file.At);
        else if (name.Value is ScalarNode { IsNull: false } scalar)
            Check("the benchmark's name", scalar.Text, scalar.At);
        CheckEntries(file, "models", "model");
        CheckEntries(file, "perturbations", "perturbation");
        CheckEntries(file, "evaluate-on", "dataset");
        if ((file.Find("threat-model")?.Value as MappingNode)?.Find("name")?.Value is ScalarNode { IsNull: false } threatModel)
            Check("the threat model's name", threatModel.Text, threatModel.At);
    }

    private void CheckEntries(MappingNode file, string key, string what)
    {
        if (file.Find(key)?.Value is not MappingNode mapping)
            return;
        var known = new Dictionary<string, ScalarNode>(StringComparer.OrdinalIgnoreCase);
        foreach (ScalarNode name in mapping.Entries.Select(e => e.Key))
        {
            Check($"the name of a {what}", name.Text, name.At);
            if (known.TryAdd(name.Text, name))
                continue;
            ScalarNode first = known[name.Text];
            context.Report(
                name.At,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {what} '{name.Text}' differs from '{first.Text}' in line {first.At.Line} by case alone, and some disks make one "
                        + $"file of both"
                ),
                "rename one of the two"
            );
        }
    }

    private void Check(string what, string name, SourceLocation at)
    {
        if (Complaint(name) is { } complaint)
            context.Report(at, $"{what} {complaint}", "names become folders, files and rows of tables: rename it");
    }

    private static string? Complaint(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "is blank";
        if (GuestText.FirstHidden(name) is >= 0 and var hidden)
            return string.Create(CultureInfo.InvariantCulture, $"holds the character U+{(int)name[hidden]:X4}, which nobody sees");
        if (name.Length > Longest)
            return string.Create(CultureInfo.InvariantCulture, $"is {name.Length} characters long, and at most {Longest} are possible");
        if (Encoding.UTF8.GetByteCount(name) is > LongestInBytes and var bytes)
            return string.Create(CultureInfo.InvariantCulture, $"takes {bytes} bytes in UTF-8, and at most {LongestInBytes} are possible");
        if (name is "." or ".." || name.AsSpan().ContainsAny('/', '\\'))
            return $"is '{name}', which leads to another folder";
        if (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]))
            return $"is '{name}', which begins or ends with a space";
        if (name[^1] == '.')
            return $"is '{name}', which ends with a dot";
        return Reserved.Contains(name.Split('.')[0].Trim(), StringComparer.OrdinalIgnoreCase)
            ? $"is '{name}', which Windows keeps for devices"
            : null;
    }
}
