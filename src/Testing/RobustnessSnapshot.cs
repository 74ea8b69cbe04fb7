using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using DiffEngine;
using NUnit.Framework;

namespace MerBench.Testing;

/// <summary>Holds benchmarks against their accepted snapshots. Each benchmark runs once a test session, however many tests ask.</summary>
public static class RobustnessSnapshot
{
    private static readonly ConcurrentDictionary<(Assembly Tests, string File), Lazy<Task<BenchmarkVerdict>>> Runs = new();

    /// <summary>Runs a benchmark and compares all its cells.</summary>
    /// <param name="file">The benchmark file, relative to the test project.</param>
    /// <param name="strict">Fail also where metrics improved, or moved and one cannot tell whether for the worse.</param>
    /// <exception cref="VerifyException">The snapshot does not hold; the message says what moved and why it can have.</exception>
    /// <exception cref="InvalidOperationException">The tool was not found, or the benchmark file is wrong.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Task Verify(string file, bool strict = false) => Verify(Assembly.GetCallingAssembly(), file, strict, _ => true, []);

    /// <param name="chosen">The cells to look at, by name.</param>
    /// <param name="known">Names of cells that other tests look at.</param>
    internal static async Task Verify(
        Assembly tests,
        string file,
        bool strict,
        Func<string, bool> chosen,
        IReadOnlyCollection<string> known
    )
    {
        BenchmarkVerdict verdict = await Runs.GetOrAdd((tests, file), key => new(() => Run(key.Tests, key.File))).Value;
        (ConditionVerdict Condition, CellVerdict Cell)[] cells =
        [
            .. verdict
                .Conditions.SelectMany(condition => condition.Cells.Select(cell => (condition, cell)))
                .Where(c => chosen(c.cell.Name) && !known.Contains(c.cell.Name)),
        ];
        if (known.Count == 0 && cells.Length == 0)
            throw new InvalidOperationException($"{file} has no such cell any more: rebuild the tests.");
        foreach ((ConditionVerdict condition, CellVerdict cell) in cells.Where(c => c.Cell.Verdict != Verdict.Same))
            TestContext.Out.WriteLine(Text(condition, cell));

        (ConditionVerdict Condition, CellVerdict Cell)[] broken = [.. cells.Where(c => Breaks(c.Cell.Verdict, strict))];
        if (broken.Length > 0)
        {
            if (verdict.Received is { } received)
                TestContext.AddTestAttachment(received, "What the run found instead of the accepted snapshot");
            throw new VerifyException(Message(verdict, broken));
        }

        if (Array.Exists(cells, c => c.Cell.Verdict == Verdict.CannotTell))
            Assert.Warn(string.Join('\n', cells.Where(c => c.Cell.Verdict == Verdict.CannotTell).Select(c => Text(c.Condition, c.Cell))));
    }

    private static bool Breaks(Verdict verdict, bool strict) => verdict >= Verdict.New || (strict && verdict != Verdict.Same);

    private static async Task<BenchmarkVerdict> Run(Assembly tests, string file)
    {
        BenchmarkVerdict verdict = BenchmarkVerdict.Read(
            await ToolCommand.Find(tests).Run(CancellationToken.None, "verify", file, "--json", "--quiet", "--no-diff")
        );
        if (
            verdict is { Received: { } received, HasSnapshot: true }
            && !DiffRunner.Disabled
            && Environment.GetEnvironmentVariable("CI") is null
        )
            await DiffRunner.LaunchAsync(received, verdict.Verified);
        return verdict;
    }

    private static string Text(ConditionVerdict condition, CellVerdict cell) =>
        $"{cell.Name}: {(cell.Verdict == Verdict.CannotTell ? "cannot tell" : cell.Verdict.ToString().ToLowerInvariant())}"
        + $"\n{string.Join('\n', condition.Explanation.Select(line => $"  {line}"))}";

    private static string Message(BenchmarkVerdict verdict, (ConditionVerdict Condition, CellVerdict Cell)[] broken)
    {
        string kind = verdict.HasSnapshot ? "NotEqual" : "New",
            folder = Path.GetDirectoryName(verdict.Verified)!;
        string received = Path.GetFileName(
                verdict.Received ?? Path.ChangeExtension(Path.ChangeExtension(verdict.Verified, null), ".received.json")
            ),
            verified = Path.GetFileName(verdict.Verified);
        return $"""
            Directory: {folder}
            {kind}:
              - Received: {received}
                Verified: {verified}

            FileContent:

            {kind}:

            Received: {received}
            Verified: {verified}
            {string.Join('\n', broken.Select(b => Text(b.Condition, b.Cell)).Distinct(StringComparer.Ordinal))}
            If this is what you want: 'dotnet merbench accept {verdict.File}', and commit {verified}.
            """;
    }
}
