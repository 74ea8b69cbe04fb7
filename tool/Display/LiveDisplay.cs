using MerBench.Host.Runs.Progress;
using MerBench.Host.Text;
using MerBench.Reports.Console;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MerBench.Tool.Display;

/// <summary>A run's progress on a terminal, redrawn in place: cells with the time left, and what is going on now. Remarkable lines stay
/// above it.</summary>
internal static class LiveDisplay
{
    private const int MostActivities = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static T Follow<T>(IAnsiConsole console, Func<RunStatus> status, Func<Action<StatusLine>, T> run) =>
        console
            .Live(new Text(""))
            .AutoClear(true)
            .Start(context =>
            {
                using var timer = new Timer(
                    _ => context.UpdateTarget(Picture(status(), console.Profile.Width)),
                    null,
                    TimeSpan.Zero,
                    Pause
                );
                T result = run(line =>
                {
                    if (line.IsRemarkable)
                        console.Write(new AbovePicture(new FlowText(0, 2).Add(line.Text)));
                });
                using var stopped = new ManualResetEvent(initialState: false);
                if (timer.Dispose(stopped))
                    stopped.WaitOne();
                return result;
            });

    private static Rows Picture(RunStatus status, int width)
    {
        int bar = width < 60 ? 4 : 20;
        var rows = new List<Markup>();
        if (status.Cells is { Total: > 0 } cells)
            rows.Add(
                new Markup(
                    $"{Bar(cells.Done / (double)cells.Total, bar, "green")} "
                        + $"{Cut(StatusText.Counts(status, TimeProvider.System), width - bar - 1)}"
                )
            );
        rows.AddRange(
            status
                .Now.Take(MostActivities)
                .Select(a => new Markup($"{Bar(a.Share ?? 0, bar, "blue")} {Cut(StatusText.Describe(a), width - bar - 1)}"))
        );
        if (status.Now.Count > MostActivities)
            rows.Add(new Markup($"and {status.Now.Count - MostActivities} more"));
        return new Rows(rows);
    }

    private static string Bar(double share, int width, string colour)
    {
        int done = (int)(Math.Clamp(share, 0, 1) * width);
        return $"[{colour}]{new string('━', done)}[/][grey]{new string('━', width - done)}[/]";
    }

    /// <summary>What is written above the picture begins where the picture did, and must take it away.</summary>
    private sealed class AbovePicture(FlowText text) : Renderable
    {
        private const string EraseBelow = "\e[J";

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            ((IRenderable)text).Render(options, maxWidth).Prepend(Segment.Control(EraseBelow));
    }

    // Wrapped lines would make the picture jump; the beginning says what it is, the end how far.
    private static string Cut(string whole, int width)
    {
        string text = GuestText.Escape(whole);
        if (text.Length <= width)
            return text.EscapeMarkup();
        string cut = width < 8 ? text[..Math.Max(0, width)] : $"{text[..(width / 2)]}…{text[^(width - (width / 2) - 1)..]}";
        return cut.EscapeMarkup();
    }
}
