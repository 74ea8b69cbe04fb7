using System.Text.Json.Nodes;
using MerBench.Host.IO;
using MerBench.Host.Yaml;

namespace MerBench.Host.Options;

internal enum PathKind
{
    None,
    File,
    Folder,
}

/// <summary>Text, possibly the path of something that must exist; then the value is its absolute path.</summary>
internal sealed class TextShape(PathKind path) : ScalarShape
{
    public override string Name =>
        path switch
        {
            PathKind.File => "file",
            PathKind.Folder => "folder",
            _ => "text",
        };

    public override string Expected =>
        path switch
        {
            PathKind.File => "the path of a file",
            PathKind.Folder => "the path of a folder",
            _ => "text",
        };

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        (path, (string)value!) switch
        {
            (PathKind.File, var file) => JsonValue.Create("sha256:" + FileHash.Compute(file)),
            (PathKind.Folder, var folder) => JsonValue.Create(Relative(folder, baseFolder)),
            (_, var text) => JsonValue.Create(text),
        };

    // Numbers and booleans without quotes are text as well, where text is expected.
    public override JsonObject Schema() =>
        new() { ["type"] = path == PathKind.None ? new JsonArray("string", "number", "boolean") : "string" };

    private protected override object? Read(ScalarNode scalar, BindingContext context)
    {
        if (path == PathKind.None)
            return scalar.Text;
        if (scalar.Text.Length == 0 || scalar.Text.Contains('\0', StringComparison.Ordinal))
            return context.Unexpected(scalar, Expected);
        string full = Path.GetFullPath(scalar.Text, context.BaseFolder);
        if (path == PathKind.File ? File.Exists(full) : Directory.Exists(full))
            return full;
        context.Report(
            scalar.At,
            $"'{context.Path}': {(path == PathKind.File ? "file" : "folder")} '{scalar.Text}' does not exist",
            $"looked for {full}"
        );
        return null;
    }

    private static string Relative(string folder, string baseFolder)
    {
        string relative = Path.GetRelativePath(baseFolder, folder);
        bool isWithin =
            relative != ".."
            && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && !Path.IsPathRooted(relative);
        return (isWithin ? relative : folder).Replace('\\', '/').TrimEnd('/');
    }
}
