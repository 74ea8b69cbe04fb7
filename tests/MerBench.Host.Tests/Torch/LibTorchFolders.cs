using MerBench.Host.Torch;

namespace MerBench.Tests.Native;

/// <summary>Fills folders with what passes for a libtorch until it is loaded.</summary>
internal static class LibTorchFolders
{
    /// <summary>Small libraries under the names of libtorch's, which say they are of a version; null for one too old to say so.</summary>
    public static void Pretend(string folder, Version? version)
    {
        SmallLibrary.Write(PathOf(folder, "c10"));
        SmallLibrary.Write(PathOf(folder, "torch"));
        if (version is null)
            SmallLibrary.Write(PathOf(folder, "torch_cpu"));
        else
            SmallLibrary.Write(PathOf(folder, "torch_cpu"), "aoti_torch_abi_version", Packed(version));
    }

    /// <summary>Links to every library of a whole one.</summary>
    public static void Link(string folder)
    {
        foreach (string library in Directory.GetFiles(TorchProbe.Bundled))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(library)), library);
    }

    /// <summary>Replaces a linked library by its own first bytes.</summary>
    public static void CutOff(string folder, string library, int length)
    {
        byte[] whole = File.ReadAllBytes(PathOf(folder, library));
        Assert.That(whole, Has.Length.GreaterThan(length));
        File.Delete(PathOf(folder, library));
        File.WriteAllBytes(PathOf(folder, library), whole[..length]);
    }

    public static string PathOf(string folder, string library) => Path.Combine(folder, NativeFile.Name(library));

    private static ulong Packed(Version version) =>
        ((ulong)version.Major << 56) | ((ulong)version.Minor << 48) | ((ulong)version.Build << 40);
}
