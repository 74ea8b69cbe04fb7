using System.Text.Json.Serialization;

namespace MerBench.Host.Results;

/// <summary>The types of <c>results.json</c>, generated, so that reading one waits for no reflection.</summary>
[JsonSerializable(typeof(RunResults))]
[JsonSerializable(typeof(ResultsReader.Layout))]
internal sealed partial class ResultsJson : JsonSerializerContext;
