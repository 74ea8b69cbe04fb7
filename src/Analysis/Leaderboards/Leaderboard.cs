using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Queries;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Host.Text;

namespace MerBench.Analysis.Leaderboards;

/// <summary>Models of many runs, ranked by their worst case under what they were threatened with.</summary>
/// <param name="Groups">What is comparable stands together; the largest group first.</param>
public sealed record Leaderboard(IReadOnlyList<LeaderboardGroup> Groups, IReadOnlyList<RunIdentity> Runs)
{
    /// <summary>Of runs.</summary>
    /// <param name="threatModel">The only threat model to show; all when null.</param>
    /// <exception cref="UserErrorException">There is no such threat model, or nothing to rank.</exception>
    public static Leaderboard Rank(IReadOnlyList<RunFolder> runs, string? threatModel = null)
    {
        RunFolder[] distinct = [.. runs.DistinctBy(r => r.Path)];
        using RunDatabase database = RunDatabase.Open(distinct);
        Candidate[] all = [.. distinct.SelectMany(r => Candidate.List(database.NameOf(r), r.ReadResults()))];
        string[] names = [.. all.Select(c => c.Scope.ThreatModel.Name).Distinct(StringComparer.Ordinal)];
        if (threatModel is not null && !names.Contains(threatModel, StringComparer.Ordinal))
            throw new UserErrorException(
                $"--threat-model: there is no '{threatModel}' in these runs; {NearestName.Hint(threatModel, names)}"
            );
        Candidate[] candidates = [.. all.Where(c => threatModel is null || c.Scope.ThreatModel.Name == threatModel)];
        if (candidates.Length == 0)
            throw new UserErrorException("nothing to rank: the runs have no perturbation that keeps the labels.");
        return new Leaderboard(
            [
                .. candidates
                    .GroupBy(c => c.Scope.Key, StringComparer.Ordinal)
                    .Select(g => LeaderboardGroup.Rank(database, [.. g]))
                    .OrderByDescending(g => g.Scope.IsDeclared)
                    .ThenByDescending(g => g.Entries.Count)
                    .ThenBy(g => g.Scope.ThreatModel.Name, StringComparer.Ordinal),
            ],
            [.. candidates.Select(c => c.Run).Distinct()]
        );
    }
}

/// <summary>Entries that are comparable.</summary>
/// <param name="Entries">Sorted by their worst-case scores, best first.</param>
/// <param name="Unranked">Models of which no seed met every perturbation.</param>
public sealed record LeaderboardGroup(RankingScope Scope, IReadOnlyList<LeaderboardEntry> Entries, IReadOnlyList<UnrankedEntry> Unranked)
{
    internal static LeaderboardGroup Rank(RunDatabase database, IReadOnlyList<Candidate> candidates)
    {
        IReadOnlyDictionary<int, WorstCase> worst = WorstCase.Compute(database, candidates);
        // Of one model's results the newest whole ones count.
        var kept = new List<(Candidate Candidate, WorstCase Worst, List<RunIdentity> Earlier)>();
        foreach (int i in worst.Keys.OrderBy(i => candidates[i].Missing.Count > 0).ThenByDescending(i => candidates[i].Run.Started))
        {
            if (kept.FirstOrDefault(k => k.Candidate.IsSameModelAs(candidates[i])) is { Earlier: { } earlier })
                earlier.Add(candidates[i].Run);
            else
                kept.Add((candidates[i], worst[i], []));
        }

        var entries = kept.Select(k => (k.Worst.Worst, Entry: LeaderboardEntry.Create(k.Candidate, k.Worst, k.Earlier)))
            .OrderBy(e => e.Entry.WorstCase)
            .ToList();
        IReadOnlyList<int> ranks = RankOrder.Rank([.. entries.Select(e => (e.Worst, e.Entry.Interval))]);
        return new LeaderboardGroup(
            candidates[0].Scope,
            [.. entries.Select((e, i) => e.Entry with { Rank = ranks[i] })],
            [
                .. candidates
                    .Where((c, i) => !worst.ContainsKey(i))
                    .Select(c => new UnrankedEntry(
                        c.Model,
                        c.Use,
                        c.Run,
                        c.Missing.Count > 0 ? c.Missing : ["fewer than two clips, or errors that are not finite"]
                    )),
            ]
        );
    }
}

/// <summary>A model in a leaderboard. Errors are mean absolute errors over emotions, seeds and clips, in rating units.</summary>
public sealed record LeaderboardEntry
{
    /// <summary>One more than there are models that are shown to be better.</summary>
    public required int Rank { get; init; }

    public required string Model { get; init; }

    public required string Use { get; init; }

    /// <summary>Error under the worst perturbation of each clip and seed.</summary>
    public required double WorstCase { get; init; }

    /// <summary>95 % interval of it, by bootstrap over seeds and clips.</summary>
    public required Interval Interval { get; init; }

    /// <summary>Error without a perturbation.</summary>
    public required double Clean { get; init; }

    /// <summary>The worst case of predictions clipped to the rating scale.</summary>
    public required double Clipped { get; init; }

    /// <summary>Which perturbation is the worst, share of clips and seeds.</summary>
    public required IReadOnlyDictionary<string, double> Worst { get; init; }

    public required IReadOnlyList<StrengthScore> Strengths { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public required int Clips { get; init; }

    /// <summary>Reasons not to believe the score.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    /// <summary>What failed or was not run; the score is over the other seeds.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public required RunIdentity Run { get; init; }

    /// <summary>Older runs of the same trained models.</summary>
    public required IReadOnlyList<RunIdentity> Earlier { get; init; }

    public Believable Believable => Doubts.Count == 0 ? Believable.Yes : Believable.Doubtful;

    internal static LeaderboardEntry Create(Candidate candidate, WorstCase worst, IReadOnlyList<RunIdentity> earlier)
    {
        var mean = SystemMean.Estimate($"worst case {candidate.Scope.Key}", $"{candidate.Run.Name} {candidate.Model}", worst.Worst);
        return new LeaderboardEntry
        {
            Rank = 0,
            Model = candidate.Model,
            Use = candidate.Use,
            WorstCase = mean.Mean,
            Interval = mean.Bootstrap,
            Clean = worst.Clean.Mean(),
            Clipped = worst.Clipped,
            Worst = worst.Shares,
            Strengths = worst.Strengths,
            Seeds = candidate.Seeds,
            Clips = worst.Worst.Clips.Count,
            Doubts = candidate.Doubts,
            Missing = candidate.Missing,
            Run = candidate.Run,
            Earlier = earlier,
        };
    }
}

/// <summary>A model without a score.</summary>
/// <param name="Reasons">What failed or was not run.</param>
public sealed record UnrankedEntry(string Model, string Use, RunIdentity Run, IReadOnlyList<string> Reasons);
