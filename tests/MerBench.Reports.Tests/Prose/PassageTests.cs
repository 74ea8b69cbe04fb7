using MerBench.Reports.Html;
using MerBench.Reports.Tables;

namespace MerBench.Tests.Reports;

public sealed class PassageTests
{
    [Test]
    public void Markdown_becomes_html_with_what_fills_it_encoded()
    {
        string html = Passage.Read("report", "smallest").Fill("tolerance", "<0.1> *n*").Paragraphs().ToString();
        Assert.That(
            html,
            Does.StartWith("<p>An attack on a clip is a <strong>success</strong> when it moves the prediction by &lt;0.1&gt; *n*. ")
        );
        Assert.That(html, Does.EndWith("the more robust the model.</p>"));
    }

    [Test]
    public void Lines_of_a_file_are_joined_and_paragraphs_are_kept()
    {
        string[] paragraphs = Passage.Read("leaderboard", "method").Paragraphs().ToString().Split('\n');
        Assert.That(paragraphs, Has.Length.EqualTo(3).And.All.StartWith("<p>").And.All.EndsWith(".</p>"));
    }

    [Test]
    public void A_note_stands_in_a_paragraph_of_its_page() =>
        Assert.That(
            Passage.Read("report", "differences, legend").Fill("margin", "0.02").Sentences().ToString(),
            Does.StartWith("<strong>Different</strong>: ").And.Contain("within 0.02 rating units").And.Not.Contain("<p>")
        );

    [Test]
    public void In_Markdown_a_passage_stays_as_it_is() =>
        Assert.That(Passage.Read("results", "legend").ToString(), Does.StartWith("**Legend.** ").And.Not.Contain("\n"));

    [Test]
    public void What_does_not_exist_or_is_not_filled_is_refused()
    {
        Assert.That(() => Passage.Read("reports", "seeds"), Throws.ArgumentException.With.Message.Contains("reports.md"));
        Assert.That(() => Passage.Read("report", "seed"), Throws.ArgumentException.With.Message.Contains("'seed'"));
        Assert.That(() => Passage.Read("report", "smallest").Fill("size", "1"), Throws.ArgumentException.With.Message.Contains("'size'"));
        Assert.That(
            () => Passage.Read("report", "smallest").Paragraphs(),
            Throws.InvalidOperationException.With.Message.Contains("{tolerance}")
        );
    }
}
