using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx.File;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace MerBench.Models.Exported.Onnx;

/// <summary>A graph of ONNX as OnnxRuntime computes it, on the CPU and without gradients.</summary>
internal sealed class RuntimeModule : IExportedModule
{
    private readonly InferenceSession _session;
    private readonly OnnxFile _file;

    /// <exception cref="PluginUserException">OnnxRuntime does not load it.</exception>
    public RuntimeModule(string path, OnnxFile file)
    {
        (File, _file) = (path, file);
        Metadata = ModuleMetadata.Read(file.Metadata);
        using var options = new SessionOptions
        {
            // Fusions change the order of sums; here it is the standard that counts.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC,
            IntraOpNumThreads = get_num_threads(),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new PluginUserException($"is not loaded by OnnxRuntime: {Cause(e)}", e);
        }
    }

    /// <inheritdoc/>
    public string File { get; }

    /// <inheritdoc/>
    public ModuleMetadata Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long?>? DeclaredInput => Input.Shape is { } shape ? [.. shape.Select(d => d.Size)] : null;

    /// <summary>None: weights stay in the runtime.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; } = new Dictionary<string, Tensor>(StringComparer.Ordinal);

    private OnnxValue Input => _file.Graph.Inputs[0];

    /// <inheritdoc/>
    public NamedOutputs Forward(Tensor input)
    {
        using OrtValue given = ToValue(input);
        using var options = new RunOptions();
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, [Input.Name], [given], _session.OutputNames);
            return new NamedOutputs([.. outputs.Select(o => ToTensor(o).to(input.dtype).to(input.device))], _session.OutputNames);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"OnnxRuntime: {Cause(e)}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private OrtValue ToValue(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor plain = input.detach().cpu().contiguous();
        return Input.Type switch
        {
            OnnxTypes.Half => Make(plain.to(ScalarType.Float32), (float x) => (Float16)x),
            OnnxTypes.BFloat16 => Make(plain.to(ScalarType.Float32), (float x) => (BFloat16)x),
            OnnxTypes.Double => Make(plain.to(ScalarType.Float64), (double x) => x),
            _ => Make(plain.to(ScalarType.Float32), (float x) => x),
        };

        static OrtValue Make<TFrom, TTo>(Tensor from, Func<TFrom, TTo> convert)
            where TFrom : unmanaged
            where TTo : unmanaged =>
            OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(from.data<TFrom>().ToArray(), x => convert(x)), from.shape);
    }

    private static Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        Tensor flat = info.ElementDataType switch
        {
            TensorElementType.Float => tensor(value.GetTensorDataAsSpan<float>().ToArray()),
            TensorElementType.Double => tensor(value.GetTensorDataAsSpan<double>().ToArray()),
            TensorElementType.Float16 => tensor(Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), x => (float)x)),
            TensorElementType.BFloat16 => tensor(Array.ConvertAll(value.GetTensorDataAsSpan<BFloat16>().ToArray(), x => (float)x)),
            TensorElementType.Int64 => tensor(value.GetTensorDataAsSpan<long>().ToArray()),
            TensorElementType.Int32 => tensor(value.GetTensorDataAsSpan<int>().ToArray()),
            TensorElementType.Bool => tensor(value.GetTensorDataAsSpan<bool>().ToArray()),
            _ => throw new PluginUserException($"returns {info.ElementDataType}, which is no number of a network"),
        };
        return flat.reshape(info.Shape);
    }

    // Its messages begin with codes and places in its own source.
    private static string Cause(OnnxRuntimeException e)
    {
        string line = e.Message.Split('\n')[0];
        int end = line.LastIndexOf("] ", StringComparison.Ordinal);
        return MerBench.Host.Text.GuestText.Message(end < 0 ? line : line[(end + 2)..]).TrimEnd('.');
    }
}
