using System.IO.Compression;
using System.Text;
using MerBench.Host.Text;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>Tells what a file is that is no exported module, before libtorch is asked: it answers with a trace of its own code.</summary>
internal static class TorchScriptFile
{
    private const string Export = "export the model in Python: torch.jit.script(model.eval()).save('model.pt')";

    private const string AsWeights = "it has no code to run: give it as 'weights' to a model that has, or " + Export;

    private static ReadOnlySpan<byte> Pickled => [0x80, 2];

    /// <summary>What is wrong with a file, and what to do; null where it is an exported module, or libtorch has to say.</summary>
    public static string? Complaint(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length == 0)
            return $"is empty; {Export}";
        byte[] start = new byte[FileFormat.Looked];
        ReadOnlySpan<byte> looked = start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        if (looked.StartsWith("PK"u8))
            return OfArchive(file, FileFormat.Recognise(looked)!);
        if (looked.StartsWith(Pickled))
            return OfLegacy(looked);
        if (IsSafetensors(looked))
            return $"is a safetensors file, which holds weights alone; {AsWeights}";
        return FileFormat.Recognise(looked) is { } format
            ? $"is {format}, and no TorchScript module; {Export}"
            : $"is no TorchScript module, which is a zip archive; {Export}";
    }

    private static bool IsSafetensors(ReadOnlySpan<byte> start) => start.Length > 9 && start[8] == '{' && start[7] == 0;

    private static string? OfArchive(FileStream file, string format)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Any(e => e.FullName.EndsWith("/constants.pkl", StringComparison.Ordinal)))
                return null;
            if (zip.Entries.FirstOrDefault(e => e.FullName.EndsWith("/data.pkl", StringComparison.Ordinal)) is { } pickle)
                return OfPickle(pickle);
            bool isExported = zip.Entries.Any(e => e.FullName.EndsWith("archive_format", StringComparison.Ordinal));
            return isExported
                ? $"is a program of torch.export, which torch.jit does not read; {Export}"
                : $"is {format} without a TorchScript module, of {ShortList.Write([.. zip.Entries.Select(e => e.FullName)])}; {Export}";
        }
        catch (InvalidDataException)
        {
            return "is cut off or damaged: the end of its zip archive is missing; copy or download it again";
        }
    }

    private static string OfPickle(ZipArchiveEntry pickle)
    {
        byte[] start = new byte[FileFormat.Looked];
        using Stream content = pickle.Open();
        int read = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return OfPickle(Encoding.Latin1.GetString(start, 0, read));
    }

    // Three pickles about the format stand before that of the object; the class of a module stands in a tuple with its source.
    private static string OfLegacy(ReadOnlySpan<byte> start)
    {
        string[] pickles = Encoding.Latin1.GetString(start).Split(".\u0080\u0002", 4);
        if (pickles.Length < 4)
            return $"is a Python pickle, and no TorchScript module; {Export}";
        const string Module = "(X\u0006\0\0\0module";
        string pickle = pickles[3];
        int named = pickle.StartsWith(Module, StringComparison.Ordinal) ? pickle.IndexOf('c', Module.Length) : 0;
        return OfPickle("\u0080\u0002" + pickle[Math.Max(0, named)..]);
    }

    // A state dict begins with a dict; anything else is an object of the class that is named first.
    private static string OfPickle(string text)
    {
        string[] lines = text.Split('\n', 3);
        if (text.Length < 4 || text[2] != 'c' || lines.Length < 3 || lines[0][3..] == "collections")
            return $"is a state dict, as torch.save(model.state_dict()) writes it; {AsWeights}";
        string name = GuestText.Name($"{lines[0][3..]}.{lines[1]}");
        return $"is a whole pickled object of the class '{name}', which Python alone can open; {Export}";
    }
}
