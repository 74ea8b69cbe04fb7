using System.Text.Json;
using System.Text.Json.Serialization;
using MerBench.Host.IO;

namespace MerBench.Host.Results;

/// <summary>The types of <c>results.json</c>, of cells and of trained models, generated.</summary>
[JsonSerializable(typeof(RunResults))]
[JsonSerializable(typeof(CellResult))]
[JsonSerializable(typeof(TrainedModel))]
[JsonSerializable(typeof(ResultsReader.Layout))]
internal sealed partial class ResultsJson : JsonSerializerContext
{
    /// <summary>How they are written and read.</summary>
    public static JsonSerializerOptions Written { get; } = ResultJson.CreateOptions(new ResultsJson());
}
