using MerBench.Host.IO;

namespace MerBench.Tests.Storage;

/// <summary>File systems of networks say that a rename failed when it did not, or that something is busy for a moment.</summary>
public sealed class RenamingTests
{
    private const int Busy = 16,
        Stale = 116,
        NoSpace = 28;

    [Test]
    public void What_happened_is_no_failure_whatever_was_said()
    {
        bool isThere = false;
        Renaming.Do(MoveAndFail, () => isThere, Impatient);
        Assert.That(isThere);

        void MoveAndFail()
        {
            isThere = true;
            throw new IOException("Stale file handle", Stale);
        }
    }

    [TestCase(Busy)]
    [TestCase(Stale)]
    public void What_fails_for_a_moment_is_tried_again_a_little_later(int error)
    {
        int tries = 0;
        var pauses = new List<TimeSpan>();
        Renaming.Do(Succeed, () => false, pauses.Add);
        Assert.That(tries, Is.EqualTo(3));
        Assert.That(pauses, Has.Count.EqualTo(2).And.All.InRange(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)));

        void Succeed()
        {
            if (++tries < 3)
                throw new IOException("busy", error);
        }
    }

    [TestCase(NoSpace, 1)]
    [TestCase(Busy, 5)]
    public void What_stays_is_told(int error, int tries)
    {
        int tried = 0;
        Assert.That(() => Renaming.Do(Fail, () => false, Impatient), Throws.TypeOf<IOException>().With.Message.EqualTo("no"));
        Assert.That(tried, Is.EqualTo(tries));

        void Fail()
        {
            tried++;
            throw new IOException("no", error);
        }
    }

    private static void Impatient(TimeSpan pause) { }
}
