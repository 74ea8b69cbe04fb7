using MerBench.Reports.Figures;

namespace MerBench.Tests.Figures;

/// <summary>Names of perturbations become names of files, on whatever system the results are opened.</summary>
public sealed class FigureNameTests
{
    [TestCase("pgd", "pgd")]
    [TestCase("a/b:c*d?e|f", "a-b-c-d-e-f")]
    [TestCase("<b>\"x\\", "-b--x-")]
    [TestCase("楽 0.5", "楽 0.5")]
    public void No_system_refuses_them(string perturbation, string name) =>
        Assert.That(RunFigures.FileName(perturbation), Is.EqualTo(name));

    [Test]
    public void Two_that_differ_in_what_files_cannot_hold_do_not_overwrite_each_other() =>
        Assert.That(
            RunFigures.WithNamesOfTheirOwn(new[] { "a:b", "A|b", "c", "a?b" }.Select(Figure)).Select(f => f.Name),
            Is.EqualTo(new[] { "harm-a-b", "harm-A-b-2", "harm-c", "harm-a-b-3" })
        );

    private static RunFigure Figure(string perturbation) =>
        new($"harm-{RunFigures.FileName(perturbation)}", "", IsStandard: true, FigureWidth.One, _ => throw new NotSupportedException());
}
