using System.Xml.Linq;

namespace MerBench.Tests.Architecture;

/// <summary>A project of the product and what it references, as its project file and the props above it say.</summary>
public sealed record ProjectFile(string Path)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public override string ToString() => Name;

    /// <summary>All projects in a folder of the repository, such as <c>plugins</c>, and in its subfolders.</summary>
    public static IEnumerable<ProjectFile> In(string folder)
    {
        string path = System.IO.Path.Combine(Repository.Root, folder);
        return Directory.Exists(path)
            ? Directory
                .GetDirectories(path)
                .Prepend(path)
                .SelectMany(d => Directory.GetFiles(d, "*.csproj"))
                .Order(StringComparer.Ordinal)
                .Select(f => new ProjectFile(f))
            : [];
    }

    /// <summary>Names of the projects that it references.</summary>
    public IReadOnlyList<string> ProjectReferences =>
        [.. Items("ProjectReference").Select(i => System.IO.Path.GetFileNameWithoutExtension(i.Replace('\\', '/')))];

    /// <summary>Names of the packages that it references.</summary>
    public IReadOnlyList<string> PackageReferences => [.. Items("PackageReference")];

    private IEnumerable<string> Items(string kind) =>
        XDocument
            .Load(Path)
            .Descendants(kind)
            .Concat(InheritedProps().SelectMany(p => XDocument.Load(p).Descendants(kind)))
            .Where(e => e.Attribute("PrivateAssets")?.Value != "all")
            .Select(e => e.Attribute("Include")?.Value)
            .OfType<string>()
            .SelectMany(v => v.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private IEnumerable<string> InheritedProps()
    {
        for (
            DirectoryInfo? folder = Directory.GetParent(Path);
            folder is not null && folder.FullName.StartsWith(Repository.Root, StringComparison.Ordinal);
            folder = folder.Parent
        )
        {
            string props = System.IO.Path.Combine(folder.FullName, "Directory.Build.props");
            if (File.Exists(props))
                yield return props;
        }
    }
}
