using MerBench.Host;
using MerBench.Host.Cells;
using MerBench.Host.Plugins;

namespace MerBench.Tests.Plugins;

public sealed class PluginFailureTests
{
    [Test]
    public void A_message_that_cannot_be_read_is_no_failure_of_its_own() =>
        Assert.That(
            PluginFailure.Describe("noise", new Unreadable()),
            Is.EqualTo("noise threw Unreadable: its message cannot be read, as that threw NotSupportedException")
        );

    [Test]
    public void An_empty_message_is_said_to_be_none()
    {
        Assert.That(
            PluginFailure.Describe("noise", new InvalidOperationException("")),
            Does.StartWith("noise threw ").And.Contain("gave no reason")
        );
        Assert.That(PluginFailure.Describe("noise", new PluginUserException(" ")), Is.EqualTo("noise gave no reason"));
        Assert.That(PluginFailure.Describe("noise", new Silent()), Does.Contain("gave no reason"));
    }

    [Test]
    public void What_a_plugin_says_stays_in_one_line()
    {
        Assert.That(
            PluginFailure.Describe("noise", new InvalidOperationException("\n::error::mine\nat C++ frame")),
            Does.Contain("::error::mine").And.Not.Contain("frame").And.Not.Contain("\n")
        );
        Assert.That(
            PluginFailure.Describe("noise", new PluginUserException("set 'a'\r\n  error: or \u001b[2J'b'")),
            Is.EqualTo(@"set 'a' error: or \u001b[2J'b'")
        );
    }

    [Test]
    public void Lines_of_the_host_stay_lines() =>
        Assert.That(PluginFailure.Describe("m", new UserErrorException("2 problems:\n  a\n  b")), Is.EqualTo("2 problems:\n  a\n  b"));

    [TestCase(100)]
    [TestCase(20_000)]
    public void Notes_have_a_limit(int keys)
    {
        var notes = new CellNotes("noise");
        var noted = Enumerable.Range(0, keys).ToDictionary(k => $"key\n{k}", k => new string('v', 1000));
        if (keys <= 100)
            Assert.That(
                notes.Take(noted),
                Has.Count.EqualTo(keys).And.ContainKey(@"key\n0").And.ContainValue(new string('v', 200) + "... (800 more characters)")
            );
        else
            Assert.That(
                () => notes.Take(noted),
                Throws.TypeOf<CellFailedException>().With.Message.StartsWith("noise noted 20,000 different things of clips")
            );
    }

    [Test]
    public void Notes_are_counted_over_clips()
    {
        var notes = new CellNotes("noise");
        Assert.That(
            () =>
            {
                for (int clip = 0; clip <= 100; clip++)
                    notes.Take(new Dictionary<string, string> { [$"clip {clip}"] = "" });
            },
            Throws.TypeOf<CellFailedException>()
        );
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new NotSupportedException();
    }

    private sealed class Silent : Exception
    {
        public override string Message => null!;
    }
}
