using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Models.Exported.TorchScript;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Probe;

/// <summary>An encoder's file, whichever program wrote it.</summary>
/// <param name="options">Where it is, and what it takes.</param>
internal sealed class EncoderFile(ProbeOptions options)
{
    private readonly Lazy<OnnxFile> _graph = new(() => GraphInspection.Read(options.Encoder));

    private bool IsTorchScript
    {
        get
        {
            using FileStream file = File.OpenRead(options.Encoder);
            return file.ReadByte() == 'P' && file.ReadByte() == 'K';
        }
    }

    /// <summary>What can be told without running it.</summary>
    public ModelFileReport Inspect()
    {
        if (!IsTorchScript)
            return GraphInspection.Inspect(
                new OnnxOptions(options.Encoder)
                {
                    Input = options.Input,
                    Layout = options.Layout,
                    SampleRate = options.SampleRate,
                },
                _graph
            );
        if (TorchScriptFile.Complaint(options.Encoder) is { } complaint)
            return new ModelFileReport { Refusal = $"{options.Encoder} {complaint}." };
        return new ModelFileReport { Input = DomainProbe.Known(options, TorchScriptArchive.ReadMetadata(options.Encoder), null) };
    }

    /// <summary>Loads it.</summary>
    /// <exception cref="PluginUserException">It is no encoder that gradients flow through.</exception>
    public IExportedModule Load(Device device)
    {
        if (IsTorchScript)
            return TorchScriptModule.LoadWide(options.Encoder, device);
        ModelFileReport report = Inspect();
        return report.HasGradients && report.Refusal is null
            ? new OnnxModule(options.Encoder, _graph.Value, device)
            : throw new PluginUserException(report.Refusal ?? report.Remarks[0]);
    }

    /// <summary>Computes in float64 from now on.</summary>
    public static void ConvertToDouble(IExportedModule encoder)
    {
        if (encoder is OnnxModule graph)
            graph.ConvertTo(ScalarType.Float64);
        else
            ((TorchScriptModule)encoder).ConvertTo(ScalarType.Float64);
    }
}
