using MerBench.Reports.Console;
using MerBench.Reports.Tables;
using Spectre.Console;

namespace MerBench.Tests.Host.Terminals;

public sealed class ConsoleTests
{
    private static readonly ReportTable Table = new(
        "Robustness",
        ["Model", "Strength", "MAE", "harm", "SNR dB"],
        [
            ["vgg", "linf 0.01", "0.324", "+0.015±.001", "43.7"],
            ["", "linf 0.1", "0.4", "+0.1", ""],
        ],
        TextColumns: 2
    );

    // What the output is, what the environment says; then: escape sequences, colours, redrawn in place, a log.
    [TestCase(true, "", true, true, true, false)]
    [TestCase(true, "NO_COLOR=1", true, false, true, false)]
    [TestCase(true, "FORCE_COLOR=0", true, false, true, false)]
    [TestCase(true, "CLICOLOR=0", true, false, true, false)]
    [TestCase(true, "TERM=dumb", false, false, false, false)]
    [TestCase(true, "CI=true", true, true, false, true)]
    [TestCase(true, "CI=false", true, true, true, false)]
    [TestCase(false, "", false, false, false, true)]
    [TestCase(false, "CI=true", false, false, false, true)]
    [TestCase(false, "FORCE_COLOR=1", true, true, false, true)]
    [TestCase(false, "CLICOLOR_FORCE=1 CI=true", true, true, false, true)]
    [TestCase(false, "FORCE_COLOR=1 NO_COLOR=1", false, false, false, true)]
    public void What_may_be_written_follows_from_output_and_environment(
        bool isTerminal,
        string environment,
        bool ansi,
        bool colour,
        bool interactive,
        bool isLog
    )
    {
        Dictionary<string, string> variables = environment
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('='))
            .ToDictionary(v => v[0], v => v[1]);
        Assert.That(
            ConsoleTraits.Find(isTerminal, name => variables.GetValueOrDefault(name)),
            Is.EqualTo(new ConsoleTraits(ansi, colour, interactive, isLog))
        );
    }

    [Test]
    public void Text_breaks_at_spaces_alone_and_never_in_a_path()
    {
        var text = new FlowText(2, 4)
            .Add("found", Style.Parse("bold"))
            .Add(", in /a/folder/with/a/name/that/is/longer/than/the/line as it is");
        Assert.That(
            Written(text, 30),
            Is.EqualTo(new[] { "  found, in", "    /a/folder/with/a/name/that/is/longer/than/the/line", "    as it is" })
        );
        Assert.That(Written(new FlowText(0, 0).Add("one\ntwo  three"), 30), Is.EqualTo(new[] { "one", "two  three" }));
        Assert.That(
            Written(new FlowText(0, 20).Add("column".PadRight(8)).Add("12345 12345 12345"), 20),
            Is.EqualTo(new[] { "column  12345 12345", "          12345" })
        );
    }

    [Test]
    public void A_log_is_never_wrapped_or_padded()
    {
        Assert.That(Written(new FlowText(0, 4).Add(string.Join(' ', Enumerable.Repeat("word", 500))), width: null), Has.Length.EqualTo(1));
        Assert.That(
            Written(console => ConsoleTable.Write(console, Table, 3), width: null),
            Is.EqualTo(
                new[]
                {
                    "Robustness",
                    " Model  Strength     MAE         harm  SNR dB",
                    "----------------------------------------------".Replace('-', '─'),
                    " vgg    linf 0.01  0.324  +0.015±.001    43.7",
                    "        linf 0.1     0.4         +0.1",
                }
            )
        );
    }

    [Test]
    public void A_table_leaves_columns_out_and_says_which()
    {
        Assert.That(
            Written(console => ConsoleTable.Write(console, Table, 3), 38)[1..],
            Is.EqualTo(
                new[]
                {
                    " Model  Strength     MAE         harm",
                    "--------------------------------------".Replace('-', '─'),
                    " vgg    linf 0.01  0.324  +0.015±.001",
                    "        linf 0.1     0.4         +0.1",
                    " Left out at this width: SNR dB.",
                }
            )
        );
    }

    [Test]
    public void Where_the_essential_columns_do_not_fit_rows_become_paragraphs_and_nothing_is_lost()
    {
        Assert.That(
            Written(console => ConsoleTable.Write(console, Table, 4), 30)[1..],
            Is.EqualTo(
                new[]
                {
                    " vgg / linf 0.01",
                    "   MAE 0.324,",
                    "   harm +0.015±.001,",
                    "   SNR dB 43.7",
                    " linf 0.1",
                    "   MAE 0.4, harm +0.1",
                }
            )
        );
    }

    [Test]
    public void No_line_is_wider_than_the_terminal([Range(16, 60)] int width) =>
        Assert.That(
            Written(console => ConsoleTable.Write(console, Table, 4), width).Max(l => l.Length),
            Is.LessThanOrEqualTo(Math.Max(width, "   harm +0.015±.001,".Length))
        );

    private static string[] Written(Spectre.Console.Rendering.IRenderable renderable, int? width) =>
        Written(console => console.Write(renderable), width);

    private static string[] Written(Action<IAnsiConsole> write, int? width)
    {
        using var text = new StringWriter();
        IAnsiConsole console = new ConsoleTraits(Ansi: false, Colour: false, Interactive: false, IsLog: true).Create(text);
        if (width is { } columns)
            console.Profile.Width = columns;
        console.Profile.Capabilities.Unicode = true;
        write(console);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
