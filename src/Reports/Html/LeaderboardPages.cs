using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Leaderboards;
using MerBench.Host.Text;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>The pages of a leaderboard: one that ranks, and one for each entry.</summary>
internal static partial class LeaderboardPages
{
    /// <summary>Where an entry's page lies in the site.</summary>
    public static string PathOf(LeaderboardGroup group, LeaderboardEntry entry) =>
        $"models/{Slug(entry.Model)}-{Slug(entry.Run.Name)}-{group.Scope.Key}.html";

    public static HtmlPage Index(Leaderboard leaderboard) =>
        new(
            "Leaderboard",
            Markup.Format(
                $"How well models of emotion in music withstand perturbations: "
                    + $"{Count(leaderboard.Groups.Sum(g => g.Entries.Count), "entry", "entries")} of "
                    + $"{Count(leaderboard.Runs.Count, "run", "runs")}, ranked by their worst case."
            ),
            PageFilters.None,
            [.. leaderboard.Groups.Select(g => Section(leaderboard, g)), Method(), Runs(leaderboard), Data()]
        )
        {
            IsStatic = true,
        };

    private static HtmlSection Section(Leaderboard leaderboard, LeaderboardGroup group) =>
        new(
            $"group-{group.Scope.Key}",
            Title(leaderboard, group),
            Markup.Format(
                $"""
        {new StaticTable(
            "Models, best worst case first",
            ["Rank", "Model", "Believable?", "worst case, 95 %", "clean", "worst case, clipped", "seeds", "Run", "When"],
            [.. group.Entries.Select(IReadOnlyList<Markup> (e) =>
            [
                Rank(group, e),
                Markup.Format($"<a href=\"{PathOf(group, e)}\">{e.Model}</a>"),
                Believable(e),
                Score(e),
                Markup.Format($"{e.Clean:0.000}"),
                Clipped(e),
                Markup.Format($"{e.Seeds.Count}"),
                Markup.Format($"{e.Run.Name}"),
                Markup.Format($"{Date(e.Run)}"),
            ])], 3).Render()}
        {Unranked(group)}
        {Facts(ScopeFacts(group.Scope))}
        """
            )
        );

    // Several groups of one name differ in what they did, and are told apart.
    private static string Title(Leaderboard leaderboard, LeaderboardGroup group)
    {
        string name = group.Scope.IsDeclared ? group.Scope.ThreatModel.Name : $"{group.Scope.ThreatModel.Name} (not declared)";
        bool isAlone = leaderboard.Groups.Count(g => g.Scope.ThreatModel.Name == group.Scope.ThreatModel.Name) == 1;
        return isAlone ? $"{name}, {group.Scope.Dataset}" : $"{name}, {group.Scope.Dataset} ({group.Scope.Key})";
    }

    public static IEnumerable<(string Name, string Value)> ScopeFacts(RankingScope scope)
    {
        ThreatModel(scope, out string budget, out string knowledge);
        yield return (
            "Threat model",
            $"{scope.ThreatModel.Name}{(scope.IsDeclared ? "" : ", derived from what was run, as the benchmark declares none")}"
        );
        yield return ("Adversary", $"{knowledge}; {budget}; {scope.Domain}");
        foreach (
            IGrouping<(string, string, string?), RankedStrength> perturbation in scope.Strengths.GroupBy(s =>
                (s.Use, s.Options, s.Objective)
            )
        )
            yield return (
                "Perturbation",
                $"{perturbation.First().Use} at "
                    + $"{string.Join(", ", perturbation.Select(s => s.Strength))}"
                    + $"{(perturbation.First().Objective is { } objective ? $", maximising {objective}" : "")}; "
                    + $"{Options(perturbation.First().Options)}"
            );
        if (scope.FrontEnd is { } frontEnd)
            yield return ("Front end", frontEnd);
        yield return (
            "Music",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{scope.TestClips} test clips of {scope.Dataset}, fingerprint "
                    + $"{scope.Fingerprint[..Math.Min(12, scope.Fingerprint.Length)]}"
            )
        );
        yield return (
            "Measure",
            string.Create(
                CultureInfo.InvariantCulture,
                $"mean absolute error over {string.Join(", ", scope.Emotions)}; ratings {scope.Minimum} to {scope.Maximum}"
            )
        );
    }

    private static void ThreatModel(RankingScope scope, out string budget, out string knowledge)
    {
        string[] sizes =
        [
            .. new[]
            {
                scope.ThreatModel.Budget,
                scope.ThreatModel.Severity is { } s ? FormattableString.Invariant($"severity up to {s}") : null,
            }.OfType<string>(),
        ];
        budget = sizes.Length == 0 ? "no budget" : string.Join(", ", sizes);
        knowledge = scope.ThreatModel.Knowledge is { } known ? KebabCase.Convert(known.ToString()) : "knowledge not declared";
    }

    public static Markup Facts(IEnumerable<(string Name, string Value)> facts) =>
        Markup.Format(
            $"<dl class=\"facts\">{facts.Select(f => Markup.Format($"<div><dt>{f.Name}</dt><dd>{Link(f.Value)}</dd></div>"))}</dl>"
        );

    public static Markup Score(LeaderboardEntry entry) =>
        Markup.Format($"{entry.WorstCase:0.000} <span class=\"interval\">[{entry.Interval.Low:0.000}, {entry.Interval.High:0.000}]</span>");

    public static Markup Clipped(LeaderboardEntry entry) =>
        double.IsNaN(entry.Clipped) ? Markup.Format($"n/a") : Markup.Format($"{entry.Clipped:0.000}");

    public static Markup Believable(LeaderboardEntry entry)
    {
        Markup verdict =
            entry.Believable == Host.Results.Believable.Yes
                ? Markup.Raw("<span class=\"mark good\">yes</span>")
                : Details("doubtful", entry.Doubts);
        return Markup.Format($"{verdict}{(entry.Missing.Count == 0 ? null : Details("incomplete", entry.Missing))}");
    }

    public static string Date(RunIdentity run) => run.Started.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Markup Rank(LeaderboardGroup group, LeaderboardEntry entry) =>
        Markup.Format($"{entry.Rank}{(group.Entries.Count(e => e.Rank == entry.Rank) > 1 ? " =" : "")}");

    // As benchmark files write them, without what is left out.
    private static string Options(string json)
    {
        string[] options =
        [
            .. JsonDocument
                .Parse(json)
                .RootElement.EnumerateObject()
                .Where(o => o.Value.ValueKind != JsonValueKind.Null)
                .Select(o => $"{o.Name}: {(o.Value.ValueKind == JsonValueKind.String ? o.Value.GetString() : o.Value.GetRawText())}"),
        ];
        return options.Length == 0 ? "no options" : string.Join(", ", options);
    }

    private static Markup Details(string mark, IReadOnlyList<string> reasons) =>
        Markup.Format(
            $"<details class=\"doubts\"><summary class=\"mark "
                + $"doubt\">{mark}</summary><ul>{reasons.Select(r => Markup.Format($"<li>{r}</li>"))}</ul></details>"
        );

    private static Markup Unranked(LeaderboardGroup group) =>
        group.Unranked.Count == 0
            ? Markup.Empty
            : Markup.Format(
                $"""
                <h3>Without a score</h3>
                <ul class="failures">{group.Unranked.Select(u =>
                    Markup.Format($"<li><strong>{u.Model}</strong> ({u.Run.Name}, {Date(u.Run)}): {string.Join("; ", u.Reasons)}</li>")
                )}</ul>
                """
            );

    private static HtmlSection Method() => new("method", "How it is ranked", Passage.Read("leaderboard", "method").Paragraphs());

    private static HtmlSection Runs(Leaderboard leaderboard) =>
        new(
            "runs",
            "Runs",
            new StaticTable(
                "Where results come from",
                ["Run", "By", "When", "MerBench", "libtorch", "Device", "Link", "Commit"],
                [
                    .. leaderboard
                        .Runs.OrderByDescending(r => r.Started)
                        .Select(
                            IReadOnlyList<Markup> (r) =>
                                [
                                    Markup.Format($"{r.Name}"),
                                    Fact(r, "by"),
                                    Markup.Format($"{Date(r)}"),
                                    Fact(r, "MerBench"),
                                    Fact(r, "libtorch"),
                                    Fact(r, "device"),
                                    Link(r["link"]),
                                    Markup.Format($"<code>{r["commit"]}</code>"),
                                ]
                        ),
                ],
                8
            ).Render()
        );

    private static HtmlSection Data() =>
        new(
            "data",
            "Data",
            Markup.Raw(
                "<p><a href=\"data/leaderboard.csv\" download>leaderboard.csv</a>, <a href=\"data/leaderboard.json\" "
                    + "download>leaderboard.json</a></p>"
            )
        );

    /// <summary>A link of the benchmark's author, or what stands for none.</summary>
    public static Markup Link(string address) =>
        address.StartsWith("https://", StringComparison.Ordinal) || address.StartsWith("http://", StringComparison.Ordinal)
            ? Markup.Format($"<a rel=\"external nofollow\" href=\"{address}\">{address}</a>")
            : Markup.Format($"{address}");

    private static Markup Fact(RunIdentity run, string name) => Markup.Format($"{run[name]}");

    private static string Count(int number, string one, string many) =>
        FormattableString.Invariant($"{number} {(number == 1 ? one : many)}");

    // Names that differ in nothing but what a file's name leaves out get pages of their own.
    private static string Slug(string name)
    {
        string lower = name.ToLowerInvariant(),
            slug = NotInFileNames().Replace(lower, "-").Trim('-');
        return slug == lower ? slug : $"{slug}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}".Trim('-');
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex NotInFileNames();
}
