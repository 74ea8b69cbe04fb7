using MerBench.Host.Text;

namespace MerBench.Tests.Text;

public sealed class GuestTextTests
{
    [TestCase("plain text, with ~ and \\", "plain text, with ~ and \\")]
    [TestCase("Müsik 音楽 🎵 é", "Müsik 音楽 🎵 é")]
    [TestCase("a\r\nb\tc", @"a\r\nb\tc")]
    [TestCase("\0", @"\u0000")]
    [TestCase("\u001b[31mred\u001b[0m\a\b", @"\u001b[31mred\u001b[0m\u0007\u0008")]
    [TestCase("\u009b2J", @"\u009b2J", Description = "the eight-bit form of escape and [")]
    [TestCase("x\u202egnp.exe", @"x\u202egnp.exe", Description = "turns the direction of writing")]
    [TestCase("a\u2066b\u2069c\u200ed\u061c", @"a\u2066b\u2069c\u200ed\u061c")]
    [TestCase("a\u2028b\u2029c\u0085d", @"a\u2028b\u2029c\u0085d", Description = "line breaks of other standards")]
    [TestCase("in\u200bvisible\ufeff", @"in\u200bvisible\ufeff")]
    [TestCase("👩\u200d🎤", "👩\u200d🎤", Description = "pictures are joined by such a mark")]
    [TestCase("\udb40\udc41", @"\udb40\udc41", Description = "a letter that is not seen")]
    [TestCase("\ufffe\uffff", @"\ufffe\uffff", Description = "no characters, and illegal in XML")]
    public void What_a_terminal_or_a_page_would_obey_is_written_out(string text, string shown)
    {
        Assert.That(GuestText.Escape(text), Is.EqualTo(shown));
        Assert.That(GuestText.Escape(shown), Is.EqualTo(shown));
    }

    // Attributes cannot hold it.
    [Test]
    public void Half_a_character_is_written_out() => Assert.That(GuestText.Escape("a\ud83c"), Is.EqualTo(@"a\ud83c"));

    [Test]
    public void Lines_stay_where_they_are_wanted() => Assert.That(GuestText.EscapeLines("a\n  b\rc\0"), Is.EqualTo("a\n  b\\rc\\u0000"));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" \n\t")]
    public void A_message_without_words_says_so(string? message)
    {
        Assert.That(GuestText.Message(message), Is.EqualTo("gave no reason"));
        Assert.That(GuestText.Lines(message), Is.EqualTo("gave no reason"));
    }

    [Test]
    public void A_long_message_is_cut_with_a_count()
    {
        string shown = GuestText.Message(new string('x', 50_000_000));
        Assert.That(shown, Is.EqualTo(new string('x', 1000) + "... (49,999,000 more characters)"));
        Assert.That(GuestText.Name(new string('é', 300)), Is.EqualTo(new string('é', 200) + "... (100 more characters)"));
    }

    [Test]
    public void No_character_is_cut_in_two() =>
        Assert.That(
            GuestText.Name(new string('a', 199) + "🎵" + new string('a', 99)),
            Is.EqualTo(new string('a', 199) + "... (101 more characters)")
        );
}
