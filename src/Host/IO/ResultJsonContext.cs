using System.Text.Json.Serialization;
using MerBench.Host.Arithmetic;
using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;
using MerBench.Host.Storage;

namespace MerBench.Host.IO;

/// <summary>What most verbs read and write, compiled ahead: building its readers and writers at run time takes longer than all else that a
/// run does which finds everything in its store.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunResults))]
[JsonSerializable(typeof(CellResult))]
[JsonSerializable(typeof(TrainedModel))]
[JsonSerializable(typeof(EntryManifest))]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(ArithmeticVerdict))]
internal sealed partial class ResultJsonContext : JsonSerializerContext;
