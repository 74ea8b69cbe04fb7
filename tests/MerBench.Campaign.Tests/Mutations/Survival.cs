using System.Diagnostics;
using MerBench.Host;

namespace MerBench.Tests.Campaign;

/// <summary>Reads damaged files one after the other: each is read, or refused in words, soon and in little memory.</summary>
/// <param name="extension">What names of such files end with.</param>
/// <param name="originals">Whole files of the kind.</param>
/// <param name="read">Reads one as the product does.</param>
internal sealed class Survival(string extension, IReadOnlyList<byte[]> originals, Action<string> read)
{
    private const long MostBytes = 2L << 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>The file being read; others that <paramref name="read"/> needs may lie beside it.</summary>
    public string FileName { get; init; } = "damaged";

    /// <summary>Mutates and reads, and says in the test's output what became of the files.</summary>
    /// <param name="folder">Takes the file.</param>
    /// <param name="count">How many files.</param>
    /// <param name="seed">Of the mutations.</param>
    public void Check(string folder, int count, int seed)
    {
        int refused = 0,
            whole = 0;
        string path = Path.Combine(folder, FileName + extension);
        foreach (byte[] original in originals)
        {
            File.WriteAllBytes(path, original);
            whole += Try(path, "the whole file") ? 1 : 0;
        }

        Assert.That(whole, Is.Positive, "no whole file can be read");
        for (int i = 0; i < count; i++)
        {
            var random = new Random((seed * 1_000_003) + i);
            byte[] damaged = Mutation.Apply(originals[random.Next(originals.Count)], originals, random);
            File.WriteAllBytes(path, damaged);
            if (!Try(path, $"mutation {i} of seed {seed}"))
                refused++;
        }

        TestContext.Out.WriteLine(
            $"{extension}: {count} mutations of {whole} files that can be read and {originals.Count - whole} that cannot; {refused} "
                + $"refused, {count - refused} read"
        );
        Assert.That(refused, Is.InRange(1, count), "nothing was damaged");
    }

    // Whether it could be read.
    private bool Try(string path, string name)
    {
        Exception? failure = null;
        long allocated = 0;
        var start = Stopwatch.StartNew();
        var reader = new Thread(Read, maxStackSize: 1 << 20) { IsBackground = true };
        reader.Start();
        if (!reader.Join(s_patience))
            Fail($"is still being read after {s_patience.TotalSeconds} s");
        if (allocated > MostBytes)
            Fail($"takes {allocated >> 20} MB");
        if (failure is null)
            return true;
        if (failure is not (UserErrorException or PluginUserException))
            Fail($"ends with {failure}");
        if (failure.Message.Length == 0 || failure.Message.Contains("   at MerBench", StringComparison.Ordinal))
            Fail($"is refused by '{failure.Message}'");
        return false;

        void Fail(string how)
        {
            string kept = Path.Combine(Path.GetTempPath(), $"merbench-mutation-{Guid.NewGuid():n}{extension}");
            File.Copy(path, kept);
            Assert.Fail($"{name}, kept as {kept}, {how}");
        }

        void Read()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (Exception e)
            {
                failure = e;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
