using System.Text.RegularExpressions;
using MerBench.Host.Checks;
using MerBench.Host.Checks.Results;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

public sealed partial class CheckListTests
{
    [Test]
    public void Every_check_is_in_the_list_once()
    {
        IEnumerable<Type> classes = typeof(ICheck).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(ICheck)) && !t.IsAbstract);
        Assert.That(CheckList.All.Select(c => c.GetType()), Is.EquivalentTo(classes));
        Assert.That(CheckList.All.Select(c => c.Id), Is.Unique);
    }

    [TestCaseSource(typeof(CheckList), nameof(CheckList.All))]
    public void A_check_is_found_by_its_id(object check)
    {
        string words = string.Concat(((ICheck)check).Id.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        string name = Regex.Replace(check.GetType().Name, "Bit(?=Check)", "bit", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.That(name, Is.EqualTo($"{words}Check").IgnoreCase);
    }

    [Test]
    public void What_a_doubt_is_about_is_known_by_its_check()
    {
        Assert.That(CheckList.All.Select(c => new Doubt(c.Id, "").Scope), Is.EqualTo(CheckList.All.Select(c => c.Scope)));
        Assert.That(CheckList.OfModels.Select(c => new Doubt(c.Id, "").IsOfModel), Is.All.True);
        Assert.That(
            CheckList.OfResults.Where(c => !new Doubt(c.Id, "").IsOfModel).Select(c => c.Id),
            Is.EqualTo(new[] { new NotAdaptiveCheck().Id })
        );
        Assert.That(CheckList.OfCells.Select(c => new Doubt(c.Id, "").IsOfModel), Is.All.False);
        Assert.That(CheckList.OfPairs.Select(c => new Doubt(c.Id, "").IsOfModel), Is.All.False);
        var ofAnotherVersion = new Doubt("not-thought-of-yet", "");
        Assert.That((ofAnotherVersion.Scope, ofAnotherVersion.IsOfModel), Is.EqualTo(((CheckScope?)null, false)));
    }

    [Test]
    public void The_page_describes_every_check_under_its_scope_and_no_other()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "checks.md"));
        var described = new List<string>();
        foreach (string section in page.Split("\n## ")[1..])
        {
            string scope = ScopeOfSection().Match(section).Value;
            foreach (Match table in TableOfChecks().Matches(section))
                described.AddRange(Row().Matches(table.Value).Select(row => $"{scope} {row.Groups["id"].Value}"));
        }

        Assert.That(described, Is.EquivalentTo(CheckList.All.Select(c => $"{c.Scope} {c.Id}")));
    }

    [GeneratedRegex(@"^\w+", RegexOptions.None, 1000)]
    private static partial Regex ScopeOfSection();

    [GeneratedRegex(@"^\| check \|.*\n(\|.*\n)+", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableOfChecks();

    [GeneratedRegex(@"^\| `(?<id>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
