using MerBench.Host.Text;
using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Models.Exported.Onnx.Operators;

namespace MerBench.Models.Exported.Onnx;

/// <summary>What can be said of a graph without torch and without a runtime.</summary>
internal static class GraphInspection
{
    private const int LeastOpset = 9,
        Oldest = 11,
        Newest = 20;
    private const int NodesShown = 20;

    /// <exception cref="PluginUserException">The file cannot be used.</exception>
    public static OnnxFile Read(string path)
    {
        try
        {
            OnnxFile file = OnnxReader.Read(path);
            return Complaint(file) is { } complaint ? throw new InvalidOnnxException(complaint) : file;
        }
        catch (InvalidOnnxException e)
        {
            throw new PluginUserException($"{path} {e.Message}.", e);
        }
    }

    /// <summary>What it reads, as the options, the metadata or its declared shape say; features where none does.</summary>
    public static Domain FindInput(OnnxOptions options, OnnxFile file) =>
        DomainProbe.Known(
            options,
            ModuleMetadata.Read(file.Metadata),
            file.Graph.Inputs[0].Shape is { } shape ? [.. shape.Select(d => d.Size)] : null
        ) ?? Domain.Features;

    /// <summary>Reads the file and says what it is.</summary>
    public static ModelFileReport Inspect(OnnxOptions options, Lazy<OnnxFile> file)
    {
        try
        {
            return Inspect(options, file.Value);
        }
        catch (PluginUserException e)
        {
            return new ModelFileReport { Refusal = e.Message };
        }
    }

    private static ModelFileReport Inspect(OnnxOptions options, OnnxFile file)
    {
        (OnnxNode Node, string Why)[] complaints = [.. GraphRunner.Complaints(file.Graph)];
        var remarks = new List<string>();
        if (complaints.Length > 0)
            remarks.Add(
                $"{options.Path}: OnnxRuntime answers for it, and attacks that follow gradients are refused, as these have no translation: "
                    + ShortList.Write([.. complaints.Select(c => $"{c.Node.Describe()}: {c.Why}")])
            );
        if (file.Opset is < Oldest or > Newest)
            remarks.Add($"{options.Path}: its opset {file.Opset} is none of {Oldest} to {Newest}, which were tried; OnnxRuntime decides");
        return new ModelFileReport
        {
            Input = FindInput(options, file),
            HasGradients = complaints.Length == 0,
            Remarks = remarks,
            Facts = [.. Facts(file, complaints)],
        };
    }

    private static string? Complaint(OnnxFile file)
    {
        OnnxValue[] inputs = [.. file.Graph.Inputs];
        if (inputs.Length != 1)
            return $"takes {inputs.Length} inputs ({ShortList.Write([.. inputs.Select(i => i.Describe())])}), where one is "
                + $"expected: the clips. Export a module that makes the others itself";
        if (!OnnxTypes.IsFloat(inputs[0].Type))
            return $"takes {inputs[0].Describe()}, where floating-point numbers are expected";
        if (file.Graph.Outputs.Count == 0)
            return "has no output";
        if (file.Opset < LeastOpset)
            return $"has the opset {file.Opset}; export it with {Oldest} to {Newest}: torch.onnx.export(..., opset_version=17)";
        return null;
    }

    private static IEnumerable<ModelFileFact> Facts(OnnxFile file, (OnnxNode Node, string Why)[] complaints)
    {
        yield return new ModelFileFact("format", $"ONNX, opset {file.Opset}{Others(file)}");
        if (file.Producer.Length > 0)
            yield return new ModelFileFact("written by", GuestText.Name(file.Producer));
        foreach (OnnxValue input in file.Graph.Inputs)
            yield return new ModelFileFact("input", GuestText.Name(input.Describe()));
        foreach (OnnxValue output in file.Graph.Outputs)
            yield return new ModelFileFact("output", GuestText.Name(output.Describe()));
        long weights = file.Graph.Initializers.Where(i => OnnxTypes.IsFloat(i.Type)).Sum(i => i.Shape.Aggregate(1L, (a, b) => a * b));
        yield return new ModelFileFact("weights", $"{ShortList.Count(weights)} numbers in {file.Graph.Initializers.Count} tensors");
        IEnumerable<string> operators = file
            .Graph.Nodes.GroupBy(n => n.FullOperator, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{GuestText.Name(g.Key)} {g.Count()}");
        yield return new ModelFileFact("operators", string.Join(", ", operators));
        foreach ((string key, string value) in file.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            yield return new ModelFileFact(GuestText.Name(key), GuestText.Name(value));
        foreach ((OnnxNode node, string why) in complaints.Take(NodesShown))
            yield return new ModelFileFact("unsupported", GuestText.Name($"{node.Describe()}: {why}"));
        if (complaints.Length > NodesShown)
            yield return new ModelFileFact("unsupported", $"and {ShortList.Count(complaints.Length - NodesShown)} more nodes");
        yield return new ModelFileFact("gradients", complaints.Length == 0 ? "yes" : "no: OnnxRuntime answers for it");
    }

    private static string Others(OnnxFile file) =>
        file.Domains.Count == 0 ? "" : $", and operators of {ShortList.Write([.. file.Domains])}";
}
