using System.Text.Json.Serialization;

namespace MerBench.Host.Runs;

/// <summary>Generated, so that a run that need not run again waits for no reflection.</summary>
[JsonSerializable(typeof(FinishedMark))]
internal sealed partial class FinishedMarkJson : JsonSerializerContext;
