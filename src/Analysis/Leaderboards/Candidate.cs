using MerBench.Analysis.Comparisons;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Results;

namespace MerBench.Analysis.Leaderboards;

/// <summary>A model of a run under a threat model, before anything is computed.</summary>
internal sealed record Candidate
{
    public required RankingScope Scope { get; init; }

    public required RunIdentity Run { get; init; }

    public required string Model { get; init; }

    /// <summary>Id of its plugin.</summary>
    public required string Use { get; init; }

    /// <summary>Content keys of its trainings.</summary>
    public required IReadOnlyList<string> ModelKeys { get; init; }

    /// <summary>Those with a finished cell of every strength.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Names of the cells of these seeds.</summary>
    public required IReadOnlyList<string> Cells { get; init; }

    /// <summary>Reasons not to believe them.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    /// <summary>What failed or was not run.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>All of a run: its models under the declared threat model, or under those that are derived where none is declared.</summary>
    /// <param name="name">Of the run among others.</param>
    public static IReadOnlyList<Candidate> List(string name, RunResults run)
    {
        var identity = RunIdentity.Describe(name, run);
        ThreatModel[] threats = run.ThreatModel is { } declared ? [declared] : [.. DerivedThreats.Derive(run)];
        return [.. threats.SelectMany(t => List(RankingScope.Create(run, t, run.ThreatModel is not null), identity, run))];
    }

    /// <summary>Whether both are trainings of one model with the same content, by the same name.</summary>
    public bool IsSameModelAs(Candidate other) =>
        Model == other.Model && ModelKeys.Intersect(other.ModelKeys, StringComparer.Ordinal).Any();

    private static IEnumerable<Candidate> List(RankingScope scope, RunIdentity identity, RunResults run) =>
        run
            .Models.GroupBy(m => m.Name, StringComparer.Ordinal)
            .Select(model =>
            {
                CellSummary[] cells = [.. run.Cells.Where(c => c.Model == model.Key && scope.Includes(c))];
                int[] all = [.. model.Select(m => m.Seed).Order()];
                int[] complete =
                [
                    .. all.Where(seed => scope.Strengths.All(s => cells.Any(c => c.Seed == seed && c.Result is not null && s.IsOf(c)))),
                ];
                CellSummary[] counted = [.. cells.Where(c => c.Result is not null && complete.Contains(c.Seed))];
                return new Candidate
                {
                    Scope = scope,
                    Run = identity,
                    Model = model.Key,
                    Use = model.First().Use,
                    ModelKeys = [.. cells.Select(c => c.Result?.ModelKey).OfType<string>().Distinct(StringComparer.Ordinal)],
                    Seeds = complete,
                    Cells = [.. counted.Select(c => c.Name)],
                    Doubts =
                    [
                        .. counted
                            .SelectMany(c => c.Doubts.Select(d => (Cell: c, Doubt: d)))
                            .GroupBy(d => (d.Doubt.Check, d.Cell.Perturbation))
                            .Select(g => $"{g.Key.Check} ({g.Key.Perturbation}, {Count(g.Count(), "cell")}): {g.First().Doubt.Reason}"),
                    ],
                    Missing =
                    [
                        .. cells
                            .Where(c => c.Failure is not null)
                            .GroupBy(c => (c.Perturbation, c.Strength, c.Failure))
                            .Select(g =>
                                $"{g.Key.Perturbation} {g.Key.Strength}, seed {string.Join(", ", g.Select(c => c.Seed))}: {g.Key.Failure}"
                            ),
                        .. scope
                            .Strengths.Select(s =>
                                (Strength: s, Seeds: all.Where(seed => !cells.Any(c => c.Seed == seed && s.IsOf(c))).ToArray())
                            )
                            .Where(s => s.Seeds.Length > 0)
                            .Select(s => $"{s.Strength.Perturbation} {s.Strength.Strength}, seed {string.Join(", ", s.Seeds)}: not run"),
                    ],
                };
            });

    private static string Count(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");
}
