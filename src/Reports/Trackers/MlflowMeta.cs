using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MerBench.Reports.Trackers;

/// <summary>Reads what MLflow notes of an experiment.</summary>
internal static class MlflowMeta
{
    /// <summary>A field's text; null where the file has none, or is none.</summary>
    public static string? Read(string path, string field)
    {
        try
        {
            var yaml = new YamlStream();
            using var reader = new StreamReader(path);
            yaml.Load(reader);
            return
                yaml.Documents is [{ RootNode: YamlMappingNode fields }, ..]
                && fields.Children.TryGetValue(new YamlScalarNode(field), out YamlNode? value)
                ? (value as YamlScalarNode)?.Value
                : null;
        }
        catch (Exception e) when (e is YamlException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
