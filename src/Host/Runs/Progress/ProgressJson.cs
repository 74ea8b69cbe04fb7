using System.Text.Json;
using System.Text.Json.Serialization;
using MerBench.Host.IO;

namespace MerBench.Host.Runs.Progress;

/// <summary>The types of <c>progress.json</c>, generated.</summary>
[JsonSerializable(typeof(RunStatus))]
internal sealed partial class ProgressJson : JsonSerializerContext
{
    /// <summary>How they are written and read.</summary>
    public static JsonSerializerOptions Written { get; } = ResultJson.CreateOptions(new ProgressJson());
}
