using MerBench.Analysis.Leaderboards;

namespace MerBench.Reports.Html;

/// <summary>The page of one entry of a leaderboard.</summary>
internal static class LeaderboardEntryPage
{
    public static HtmlPage Create(LeaderboardGroup group, LeaderboardEntry entry) =>
        new(
            entry.Model,
            Markup.Format($"Rank {entry.Rank} of {group.Entries.Count} under {group.Scope.ThreatModel.Name}, {group.Scope.Dataset}"),
            PageFilters.None,
            [
                new HtmlSection("score", "Score", Markup.Format($"{Facts(entry)}{Doubts(entry)}")),
                new HtmlSection("perturbations", "Under each perturbation", Markup.Format($"{Strengths(entry).Render()}{Worst(entry)}")),
                new HtmlSection("scope", "What it was tested on", LeaderboardPages.Facts(LeaderboardPages.ScopeFacts(group.Scope))),
                new HtmlSection(
                    "run",
                    "The run",
                    Markup.Format($"{LeaderboardPages.Facts(entry.Run.Facts.Select(f => (f.Name, f.Value)))}{Earlier(entry)}")
                ),
            ]
        )
        {
            IsStatic = true,
            Navigation = Markup.Format($"<p class=\"note\"><a href=\"../index.html#group-{group.Scope.Key}\">Leaderboard</a></p>\n"),
        };

    private static Markup Facts(LeaderboardEntry entry) =>
        Markup.Format(
            $"""
            <dl class="facts">
            <div><dt>Worst case</dt><dd>{LeaderboardPages.Score(entry)}</dd></div>
            <div><dt>Clean</dt><dd>{entry.Clean:0.000}</dd></div>
            <div><dt>Worst case, clipped</dt><dd>{LeaderboardPages.Clipped(entry)}</dd></div>
            <div><dt>Seeds</dt><dd>{string.Join(", ", entry.Seeds)}</dd></div>
            <div><dt>Clips</dt><dd>{entry.Clips}</dd></div>
            <div><dt>Plugin</dt><dd><code>{entry.Use}</code></dd></div>
            <div><dt>Believable?</dt><dd>{(entry.Doubts.Count == 0 ? "yes: no check found a reason to doubt" : "doubtful")}</dd></div>
            </dl>
            """
        );

    private static Markup Doubts(LeaderboardEntry entry) =>
        Markup.Format(
            $"{Reasons("Reasons to doubt", entry.Doubts)}{Reasons("Failed or not run; the score is over the other seeds", entry.Missing)}"
        );

    private static Markup? Reasons(string title, IReadOnlyList<string> reasons) =>
        reasons.Count == 0
            ? null
            : Markup.Format($"<h3>{title}</h3><ul class=\"failures\">{reasons.Select(r => Markup.Format($"<li>{r}</li>"))}</ul>");

    private static StaticTable Strengths(LeaderboardEntry entry) =>
        new(
            "Mean error under each alone",
            ["Perturbation", "Strength", "error", "harm"],
            [
                .. entry.Strengths.Select(
                    IReadOnlyList<Markup> (s) =>
                        [
                            Markup.Format($"{s.Perturbation}"),
                            Markup.Format($"{s.Strength}"),
                            Markup.Format($"{s.Error:0.000}"),
                            Markup.Format($"{s.Harm:+0.000;-0.000;0.000}"),
                        ]
                ),
            ],
            2
        );

    private static Markup Worst(LeaderboardEntry entry) =>
        new StaticTable(
            "Which is the worst",
            ["Perturbation", "share of clips and seeds"],
            [
                .. entry.Worst.Select(
                    IReadOnlyList<Markup> (w) =>
                        [
                            Markup.Format($"{(w.Key == WorstCase.Untouched ? "none: the clip as it is" : w.Key)}"),
                            Markup.Format($"{w.Value:0 %}"),
                        ]
                ),
            ],
            1
        ).Render();

    private static Markup? Earlier(LeaderboardEntry entry) =>
        entry.Earlier.Count == 0
            ? null
            : Markup.Format(
                $"<h3>Older runs of the same trained "
                    + $"models</h3><ul>{entry.Earlier.Select(r => Markup.Format($"<li>{r.Name}, {LeaderboardPages.Date(r)}</li>"))}</ul>"
            );
}
