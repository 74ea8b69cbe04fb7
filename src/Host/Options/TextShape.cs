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

/// <summary>Whether text is a path, and of what.</summary>
/// <param name="Kind">What must exist.</param>
/// <param name="Files">Of a folder: which of its files keys depend on, as a pattern; empty where its path is what keys hold.</param>
internal readonly record struct PathRule(PathKind Kind, string Files = "");

/// <summary>Text, possibly the path of something that must exist; then the value is its absolute path.</summary>
internal sealed class TextShape(PathRule path) : ScalarShape
{
    public override string Name =>
        path.Kind switch
        {
            PathKind.File => "file",
            PathKind.Folder => "folder",
            _ => "text",
        };

    public override string Expected =>
        path.Kind switch
        {
            PathKind.File => "the path of a file",
            PathKind.Folder => "the path of a folder",
            _ => "text",
        };

    public override JsonNode? ToJson(object? value, string baseFolder) =>
        (path.Kind, (string)value!) switch
        {
            (PathKind.File, var file) => JsonValue.Create("sha256:" + FileHash.Compute(file)),
            (PathKind.Folder, var folder) when path.Files.Length > 0 => JsonValue.Create(
                "sha256:" + FolderHash.Compute(folder, path.Files)
            ),
            (PathKind.Folder, var folder) => JsonValue.Create(Relative(folder, baseFolder)),
            (_, var text) => JsonValue.Create(text),
        };

    // Numbers and booleans without quotes are text as well, where text is expected.
    public override JsonObject Schema() =>
        new() { ["type"] = path.Kind == PathKind.None ? new JsonArray("string", "number", "boolean") : "string" };

    private protected override object? Read(ScalarNode scalar, BindingContext context)
    {
        if (path.Kind == PathKind.None)
            return scalar.Text;
        if (scalar.Text.Length == 0 || scalar.Text.Contains('\0', StringComparison.Ordinal))
            return context.Unexpected(scalar, Expected);
        string full = Path.GetFullPath(scalar.Text, context.BaseFolder);
        string? complaint = Complaint(full);
        if (complaint is null)
        {
            context.NoteInput(full);
            return full;
        }
        context.Report(scalar.At, $"'{context.Path}': {Name} '{scalar.Text}' {complaint}", $"looked for {full}");
        return null;
    }

    private string? Complaint(string full)
    {
        if (path.Kind == PathKind.File ? !File.Exists(full) : !Directory.Exists(full))
            return "does not exist";
        return path.Files.Length > 0 && !FolderHash.FilesOf(full, path.Files).Any() ? $"holds no {path.Files}" : null;
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
