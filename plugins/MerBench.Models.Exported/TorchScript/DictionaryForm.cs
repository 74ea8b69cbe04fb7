using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>
/// A module that returns a dictionary, in a form that TorchSharp can ask: it reads tensors and lists of them alone. A module carries its
/// code as text, so two methods are written beside its own: one returns the values, one the names as lists of characters.
/// </summary>
internal static partial class DictionaryForm
{
    /// <summary>The method that returns the values, in the order of the names.</summary>
    public const string Values = "merbench_values";

    /// <summary>The method that returns the names, each as a tensor of its characters.</summary>
    public const string Names = "merbench_names";

    /// <summary>The archive with these methods; null for a module that returns something else.</summary>
    public static byte[]? Rewrite(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        if (zip.Entries.FirstOrDefault(TorchScriptArchive.IsObject) is not { } pickle || FindClass(pickle) is not { } type)
            return null;
        string root = pickle.FullName[..^"data.pkl".Length];
        string source = $"{root}code/{type[..type.LastIndexOf('.')].Replace('.', '/')}.py";
        if (
            zip.GetEntry(source) is not { } code
            || Extend(Encoding.UTF8.GetString(TorchScriptArchive.Read(code)), type) is not { } extended
        )
            return null;
        return Copy(zip, source, extended);
    }

    // The pickle begins with its protocol and the class: 0x80 2 c __torch__.package \n Class \n.
    private static string? FindClass(ZipArchiveEntry pickle)
    {
        string start = Encoding.Latin1.GetString(TorchScriptArchive.Read(pickle).AsSpan()[..(int)Math.Min(pickle.Length, 4096)]);
        string[] lines = start.Split('\n', 3);
        return lines.Length == 3 && start.Length > 3 && start[2] == 'c' && lines[0].Contains("__torch__", StringComparison.Ordinal)
            ? $"{lines[0][3..]}.{lines[1]}"
            : null;
    }

    private static string? Extend(string code, string type)
    {
        string head = $"class {type[(type.LastIndexOf('.') + 1)..]}(Module):";
        int start = code.IndexOf(head, StringComparison.Ordinal);
        if (start < 0)
            return null;
        Match forward = Forward().Match(code, start);
        int next = code.IndexOf("\nclass ", start + 1, StringComparison.Ordinal);
        return forward.Success && (next < 0 || forward.Index < next) ? code.Insert(forward.Index, Methods(type)) : null;
    }

    private static string Methods(string type) =>
        $"""
              def {Values}(self: {type},
                x: Tensor) -> List[Tensor]:
                d = (self).forward(x, )
                return torch.list(torch.values(d))
              def {Names}(self: {type},
                x: Tensor) -> List[Tensor]:
                d = (self).forward(x, )
                out = annotate(List[Tensor], [])
                keys = torch.keys(d)
                for i in range(torch.len(keys)):
                  k = keys[i]
                  letters = annotate(List[int], [])
                  for j in range(torch.len(k)):
                    _0 = torch.append(letters, torch.ord(k[j]))
                  _1 = torch.append(out, torch.tensor(letters))
                return out

            """.Replace("            ", "", StringComparison.Ordinal);

    private static byte[] Copy(ZipArchive from, string changed, string text)
    {
        var archive = new MemoryStream();
        using (var to = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
            foreach (ZipArchiveEntry entry in from.Entries.Where(e => e.FullName != changed + ".debug_pkl"))
            {
                using Stream target = to.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                if (entry.FullName == changed)
                    target.Write(Encoding.UTF8.GetBytes(text));
                else
                    target.Write(TorchScriptArchive.Read(entry));
            }

        return archive.ToArray();
    }

    [GeneratedRegex(
        @"^  def forward\(\w+: [\w.]+,\s+\w+: Tensor[^)]*\) -> Dict\[str, Tensor\]:",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Forward();
}
