using System.Text.Json;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace MerBench.Testing;

/// <summary>
/// Asks every plugin of the projects in <c>MerBenchPluginReference</c> whether it keeps the promises of the contract; a test a plugin.
/// Derive from it, and that is all:
/// <c>public sealed class Promises : PluginConformance;</c>
/// </summary>
public abstract class PluginConformance
{
    /// <summary>Options of plugins that need some, by id, as the YAML of <c>with:</c>.</summary>
    protected virtual IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Asks one plugin; see <c>merbench conform</c>.</summary>
    /// <param name="plugin">Its id.</param>
    [EachPlugin]
    public async Task Conforms(string plugin)
    {
        string[] with = Options.TryGetValue(plugin, out string? yaml) ? ["--with", yaml] : [];
        string json = await ToolCommand
            .Find(GetType().Assembly)
            .Run(TestContext.CurrentContext.CancellationToken, ["conform", plugin, "--json", .. with]);
        Check[] checks = JsonSerializer.Deserialize<Check[]>(json, JsonSerializerOptions.Web)!;
        foreach (Check check in checks)
            TestContext.Out.WriteLine($"{check.Outcome, -8}{check.Name}{(check.Message.Length > 0 ? $": {check.Message}" : "")}");
        Assert.That(
            checks.Where(c => c.Outcome == "failed").Select(c => $"{c.Name}: {c.Message}"),
            Is.Empty,
            $"'{plugin}' breaks promises of the contract"
        );
        if (Array.TrueForAll(checks, c => c.Outcome == "skipped"))
            Assert.Ignore(checks[0].Message);
    }

    private sealed record Check(
        [property: System.Text.Json.Serialization.JsonPropertyName("check")] string Name,
        string Outcome,
        string Message
    );

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class EachPluginAttribute : NUnitAttribute, ITestBuilder, IImplyFixture
    {
        public IEnumerable<TestMethod> BuildFrom(IMethodInfo method, Test? suite)
        {
            var builder = new NUnitTestCaseBuilder();
            try
            {
                ToolCommand tool = ToolCommand.Find(method.TypeInfo.Assembly);
                if (tool.Plugins.Count == 0)
                    throw new InvalidOperationException(
                        "The test project names no plugin: add <MerBenchPluginReference Include=\"../MyModel/MyModel.csproj\" />."
                    );
                Plugin[] plugins = JsonSerializer.Deserialize<Plugin[]>(
                    tool.Run(CancellationToken.None, "list", "--only", "--json").GetAwaiter().GetResult(),
                    JsonSerializerOptions.Web
                )!;
                return
                [
                    .. plugins.Select(p =>
                        builder.BuildTestMethod(method, suite, new TestCaseParameters([p.Id]) { TestName = $"{p.Id} conforms" })
                    ),
                ];
            }
            catch (InvalidOperationException problem)
            {
                return [builder.BuildTestMethod(method, suite, NotRunnable.Because(problem))];
            }
        }

        private sealed record Plugin(string Id);
    }
}
