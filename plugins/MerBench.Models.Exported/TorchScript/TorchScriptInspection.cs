using System.Globalization;
using MerBench.Host.Text;
using MerBench.Models.Exported.Adapter;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>What can be said of a module without loading its code.</summary>
internal static class TorchScriptInspection
{
    public static ModelFileReport Inspect(TorchScriptOptions options)
    {
        if (TorchScriptFile.Complaint(options.Path) is { } complaint)
            return new ModelFileReport { Refusal = $"{options.Path} {complaint}" };
        try
        {
            ModuleMetadata metadata = TorchScriptArchive.ReadMetadata(options.Path);
            return new ModelFileReport { Input = DomainProbe.Known(options, metadata, null), Facts = [.. Facts(metadata)] };
        }
        catch (PluginUserException e)
        {
            return new ModelFileReport { Refusal = $"{options.Path} {e.Message}" };
        }
        catch (InvalidDataException e)
        {
            return new ModelFileReport
            {
                Refusal = $"{options.Path} is damaged: {GuestText.Message(e.Message)}; copy or download it again",
            };
        }
    }

    private static IEnumerable<ModelFileFact> Facts(ModuleMetadata metadata)
    {
        yield return new ModelFileFact("format", "TorchScript module, which is code");
        if (metadata.Input is { } input)
            yield return new ModelFileFact("input", input.ToString().ToLowerInvariant());
        if (metadata.Layout is { } layout)
            yield return new ModelFileFact("layout", layout.Write(1));
        if (metadata.SampleRate is { } rate)
            yield return new ModelFileFact("sample rate", string.Create(CultureInfo.InvariantCulture, $"{rate} Hz"));
        if (metadata.Labels is { } labels)
            yield return new ModelFileFact("labels", ShortList.Write([.. labels], shown: 60));
        yield return new ModelFileFact("gradients", "yes");
    }
}
