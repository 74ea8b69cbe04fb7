using System.Text.RegularExpressions;
using CsCheck;
using MerBench.Host.Bibliography;

namespace MerBench.Tests.Bibliography;

public sealed partial class BibTexTests
{
    [Test]
    public void An_entry_as_publishers_write_it_is_read_and_written_in_ASCII()
    {
        BibTexEntry entry = BibTexReader.ReadOne(
            """
            @Article{koenig95,
              Author = "Timmer, Jens and K{\"o}nig, Michel", title = {On {Power} Law
                 Noise in Città}, journal={Astronomy \& Astrophysics}, month = oct, year = 1995, doi = {10.1000/a_b%c}
            }
            """
        );
        Assert.That(
            (entry.Type, entry.Key, entry["title"], entry["year"]),
            Is.EqualTo(("article", "koenig95", "On {Power} Law Noise in Città", "1995"))
        );
        Assert.That(
            entry.ToCitation(),
            Is.EqualTo("Timmer and König, On Power Law Noise in Città, Astronomy & Astrophysics, 1995, https://doi.org/10.1000/a_b%c")
        );
        Assert.That(entry.ToBibTex(), Does.Contain("Citt{\\`a}").And.Contain("K{\\\"o}nig").And.Contain("{10.1000/a_b%c}"));
        BibTexEntry again = BibTexReader.ReadOne(entry.ToBibTex());
        Assert.That(again.ToCitation(), Is.EqualTo(entry.ToCitation()));
    }

    [TestCase("", "there is no entry")]
    [TestCase("Madry et al. 2018", "line 1: expected '@'")]
    [TestCase("@article{a, title = {T}", "line 1: expected ','")]
    [TestCase("@article{a,\n title = {T {x}", "line 2: a value is not closed by }")]
    [TestCase("@article{a, journal = acm}", "'acm' is an abbreviation that nobody has defined")]
    [TestCase("@software{a, author = {A}, title = {T}, year = 2000}", "the type 'software'")]
    [TestCase("@article{a, author = {A}, title = {T}, year = 2000}", "a: it has no journal")]
    [TestCase("@misc{a, title = {T}, year = 2000}", "a: it has no author")]
    [TestCase("@misc{a, author = {A}, title = {T}, year = {in press}}", "'in press' is no year")]
    [TestCase("@misc{a, author = {A}, title = {T}, title = {U}, year = 2000}", "'title' is there twice")]
    [TestCase("@misc{a, author = {A & B}, title = {T}, year = 2000}", "'author' has & where LaTeX needs \\&")]
    [TestCase("@misc{a, author = {A}, title = {T}, year = 2000, doi = {https://doi.org/10.1/x}}", "is no DOI")]
    [TestCase("@misc{a, author = {A}, title = {T}, year = 2000, eprint = {arXiv:1706.06083}}", "is no arXiv number")]
    [TestCase("@misc{a, author = {A}, title = {T}, year = 2000} @misc{b, author = {A}, title = {T}, year = 2000}", "more than one entry")]
    public void What_is_no_entry_is_refused_with_the_reason(string text, string reason) =>
        Assert.That(Assert.Throws<FormatException>(() => BibTexReader.ReadOne(text))!.Message, Does.Contain(reason));

    // Any text comes out of LaTeX as it went in: no character is a command, and none is lost.
    [Test]
    public void Escaped_text_is_ASCII_and_sets_the_same_characters()
    {
        const string Alphabet = "abcXYZ019 _%&#$\\{}^~<>|'-[]()*+=/.,:;!?@äöüßÄÖÜéèñçøåłčž–—…±×≤∞−Δσ†‡";
        Gen.Char[Alphabet]
            .Array[0, 40]
            .Select(c => new string(c))
            .Sample(text =>
            {
                string latex = TexText.Escape(text);
                string bare = Commands().Replace(latex, "");
                return latex.All(char.IsAscii) && bare.IndexOfAny(['_', '%', '&', '#', '$', '^']) < 0 && TexText.ToPlain(latex) == text;
            });
    }

    [Test]
    public void A_hyphen_between_formulas_is_no_minus() => Assert.That(TexText.ToPlain(TexText.Escape("Δ-σ−1")), Is.EqualTo("Δ-σ−1"));

    [Test]
    public void What_LaTeX_has_no_name_for_is_shown_by_its_code_point() =>
        Assert.That(TexText.Escape("音楽 🎵"), Is.EqualTo("[U+97F3][U+697D] [U+1F3B5]"));

    [GeneratedRegex(@"\\[a-zA-Z]+|\\.|\{\}|\$[^$]*\$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commands();
}
