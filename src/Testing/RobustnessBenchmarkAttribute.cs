using System.Reflection;
using System.Text.Json;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace MerBench.Testing;

/// <summary>
/// Makes a test of each cell of a benchmark; the method takes a <see cref="RobustnessCell"/> and awaits its
/// <see cref="RobustnessCell.Verify"/>. Categories are the model, the perturbation and <c>Robustness</c>.
/// </summary>
/// <param name="file">The benchmark file, relative to the test project.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RobustnessBenchmarkAttribute(string file) : NUnitAttribute, ITestBuilder, IImplyFixture
{
    /// <summary>Fail also where metrics improved, or moved and one cannot tell whether for the worse.</summary>
    public bool Strict { get; init; }

    /// <summary>The benchmark file.</summary>
    public string File { get; } = file;

    /// <inheritdoc/>
    public IEnumerable<TestMethod> BuildFrom(IMethodInfo method, Test? suite)
    {
        var builder = new NUnitTestCaseBuilder();
        Assembly tests = method.TypeInfo.Assembly;
        Cell[] cells;
        try
        {
            cells = JsonSerializer.Deserialize<Cell[]>(
                ToolCommand.Find(tests).Run(CancellationToken.None, "validate", File, "--json").GetAwaiter().GetResult(),
                JsonSerializerOptions.Web
            )!;
        }
        catch (InvalidOperationException problem)
        {
            return [builder.BuildTestMethod(method, suite, NotRunnable.Because(problem))];
        }

        string[] names = [.. cells.Select(c => c.Name)];
        return
        [
            .. cells.Select(cell => Make(new RobustnessCell(tests, File, cell.Name, Strict, []), cell.Model, cell.Perturbation)),
            Make(new RobustnessCell(tests, File, RobustnessCell.Others, Strict, names)),
        ];

        TestMethod Make(RobustnessCell cell, params string[] categories)
        {
            var parameters = new TestCaseParameters([cell]) { TestName = $"{method.Name}({cell})" };
            foreach (string category in categories.Append("Robustness"))
                parameters.Properties.Add(PropertyNames.Category, category);
            return builder.BuildTestMethod(method, suite, parameters);
        }
    }

    private sealed record Cell(string Name, string Model, string Perturbation);
}

/// <summary>A cell of a benchmark, as a test sees it.</summary>
public sealed class RobustnessCell
{
    internal const string Others = "no cell is missing";

    private readonly Assembly _tests;
    private readonly string _file;
    private readonly bool _strict;
    private readonly IReadOnlyCollection<string> _known;

    internal RobustnessCell(Assembly tests, string file, string name, bool strict, IReadOnlyCollection<string> known) =>
        (_tests, _file, Name, _strict, _known) = (tests, file, name, strict, known);

    /// <summary>Model, perturbation, strength and seed.</summary>
    public string Name { get; }

    /// <summary>Runs the benchmark, if no test has yet, and compares this cell with the snapshot.</summary>
    /// <exception cref="VerifyException">The cell has regressed, is new or failed; the message says what moved and why it can
    /// have.</exception>
    public Task Verify() => RobustnessSnapshot.Verify(_tests, _file, _strict, name => Name == Others || name == Name, _known);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
