using MerBench.Host.Runs.Progress;

namespace MerBench.Tests.Execution.Progress;

/// <summary>What a damaged <c>progress.json</c> says is not taken for how a run went.</summary>
public sealed class ProgressFileTests
{
    [Test]
    public void A_changed_byte_changes_nothing_that_is_told()
    {
        byte[] whole = ProgressFile.Write(new RunProgress().Status() with { ExitCode = 0 });
        Assert.That(ProgressFile.Read(whole)!.ExitCode, Is.Zero);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            // Where the name of the checksum itself is hit, what it is the checksum of is whole.
            Assert.That(ProgressFile.Read(changed) is { } read ? ProgressFile.Write(read) : null, Is.Null.Or.EqualTo(whole), $"byte {i}");
        }
    }

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("")]
    [TestCase("{ \"benchmark\": \"b\", \"process\": {} }")]
    public void What_is_incomplete_is_none(string content) =>
        Assert.That(ProgressFile.Read(System.Text.Encoding.UTF8.GetBytes(content)), Is.Null);
}
