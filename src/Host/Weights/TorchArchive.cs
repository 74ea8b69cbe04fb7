using System.IO.Compression;
using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>The zip archive of torch.save: <c>NAME/data.pkl</c> and one file a storage under <c>NAME/data/</c>.</summary>
internal sealed class TorchArchive : IPickledFile
{
    private const string PickleName = "data.pkl";

    private readonly ZipArchive _zip;
    private readonly string _folder;
    private readonly long _length;
    private long _left;

    private TorchArchive(ZipArchive zip, string folder, long length) => (_zip, _folder, _length, _left) = (zip, folder, length, length);

    /// <exception cref="PickleException">It is no archive of torch.save; the message says what it is.</exception>
    public static TorchArchive Open(byte[] content)
    {
        // Signature and fixed part of a zip's last record, behind which a comment may stand.
        if (content.AsSpan(Math.Max(0, content.Length - ushort.MaxValue - 22)).LastIndexOf("PK\u0005\u0006"u8) < 0)
            throw new PickleException("it is cut off: the end of its zip archive is missing. Copy or download it again");
        var zip = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
        try
        {
            ZipArchiveEntry[] pickles = [.. zip.Entries.Where(e => e.FullName.EndsWith('/' + PickleName, StringComparison.Ordinal))];
            if (pickles.Length != 1)
                throw new PickleException(Describe(zip, pickles.Length, content));
            var archive = new TorchArchive(zip, pickles[0].FullName[..^PickleName.Length], content.Length);
            if (archive.Has("constants.pkl"))
                throw new PickleException("it is a TorchScript module, not weights. Use the model 'torchscript' for it");
            if (archive.Has("byteorder") && !archive.Read("byteorder").AsSpan().SequenceEqual("little"u8))
                throw new PickleException("its numbers are not little-endian");
            return archive;
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    public object? ReadObject() => new RestrictedUnpickler(Read(PickleName)).Run();

    public ReadOnlyMemory<byte> ReadStorage(string key, string name) =>
        Has($"data/{key}")
            ? Read($"data/{key}")
            : throw new PickleException($"its archive lacks the storage '{GuestText.Name(key)}' of '{GuestText.Name(name)}'");

    public void Dispose() => _zip.Dispose();

    private bool Has(string file) => _zip.GetEntry(_folder + file) is not null;

    // torch.save stores without compressing, each storage once: all that is read together is no longer than the file. Checksums are not
    // compared: PyTorch can leave them out.
    private byte[] Read(string file)
    {
        ZipArchiveEntry entry = _zip.GetEntry(_folder + file)!;
        if (entry.Length != entry.CompressedLength)
            throw new PickleException(
                $"'{GuestText.Name(entry.FullName)}' in its archive is compressed, which torch.save never does. Save it again with "
                    + $"torch.save"
            );
        if (entry.Length > _left)
            throw new PickleException(
                $"its archive claims more than the {ShortList.Count(_length)} bytes that the file has, by files that overlap or are cut off"
            );
        _left -= entry.Length;
        byte[] bytes = new byte[entry.Length];
        using Stream stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Describe(ZipArchive zip, int pickles, byte[] content)
    {
        if (pickles > 1)
            return $"its archive holds {ShortList.Count(pickles)} files {PickleName} where torch.save writes one";
        string[] names = [.. zip.Entries.Select(e => e.FullName)];
        if (Array.Exists(names, n => n.EndsWith("model.weights.h5", StringComparison.Ordinal)))
            return "it is a Keras model, not weights of PyTorch";
        if (
            Array.Exists(
                names,
                n => n.EndsWith("archive_format", StringComparison.Ordinal) || n.Contains("exported_program", StringComparison.Ordinal)
            )
        )
            return "it is a program of torch.export, not weights. Save torch.save(model.state_dict(), 'weights.pt')";
        string format = FileFormat.Recognise(content.AsSpan(0, Math.Min(content.Length, FileFormat.Looked))) ?? "a zip archive";
        return $"it is {format} without the weights that torch.save writes; it holds {ShortList.Write(names)}";
    }
}
