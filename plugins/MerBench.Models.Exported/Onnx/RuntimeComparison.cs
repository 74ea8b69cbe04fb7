using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx;

/// <summary>Compares a translated graph with OnnxRuntime: on noise when it is loaded, and on the first clips that it is asked
/// for.</summary>
internal sealed class RuntimeComparison : IDisposable
{
    // Quiet and loud, and clips of silence: each takes other sides of what is not linear.
    private static readonly double[] Loudness = [0.1, 1, 0];
    private const int ClipsCompared = 16;

    private readonly OnnxModule _module;
    private readonly ModelAdapter _adapter;
    private readonly double _weights;
    private RuntimeModule? _runtime;
    private ComparedModule? _compared;
    private int _left = ClipsCompared;

    private RuntimeComparison(OnnxModule module, RuntimeModule runtime, ComparedModule compared, ModelAdapter adapter) =>
        (_module, _runtime, _compared, _adapter, _weights) = (module, runtime, compared, adapter, Sum(module));

    /// <summary>Compares on noise.</summary>
    /// <exception cref="PluginUserException">The answers differ by more than rounding, or OnnxRuntime does not load the graph.</exception>
    public static RuntimeComparison Begin(OnnxModule module, OnnxFile file, ModelAdapter adapter, ModelContext context)
    {
        var runtime = new RuntimeModule(module.File, file);
        try
        {
            bool isHalf = file.Graph.Initializers.Any(i => i.Type is OnnxTypes.Half or OnnxTypes.BFloat16);
            var compared = new ComparedModule(module, runtime, isHalf);
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            using var generator = new Generator(1);
            foreach (double loudness in Loudness)
                adapter.Forward(compared, randn([2, .. context.InputShape], generator: generator).mul(loudness).to(context.Device));
            return new RuntimeComparison(module, runtime, compared, adapter);
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    /// <summary>The prediction for clips, compared; null where enough were, or where the graph has other weights by now.</summary>
    public ModelOutput? Forward(Tensor input)
    {
        if (_compared is null)
            return null;
        if (Sum(_module) != _weights)
        {
            Dispose();
            return null;
        }

        ModelOutput output = _adapter.Forward(_compared, input);
        _left -= (int)input.shape[0];
        if (_left <= 0)
            Dispose();
        return output;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runtime?.Dispose();
        (_runtime, _compared) = (null, null);
    }

    private static double Sum(OnnxModule module)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return module.State.Values.Sum(w => w.to(ScalarType.Float64).abs().sum().item<double>());
    }
}
