using System.Text.Json;
using System.Text.Json.Serialization;
using MerBench.Host.IO;

namespace MerBench.Host.Storage;

/// <summary>The types of manifests, generated.</summary>
[JsonSerializable(typeof(EntryManifest))]
internal sealed partial class StorageJson : JsonSerializerContext
{
    /// <summary>How they are written and read.</summary>
    public static JsonSerializerOptions Written { get; } = ResultJson.CreateOptions(new StorageJson());
}
