using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MerBench.Host.Options;
using MerBench.Host.Runs;
using MerBench.Host.Storage;
using MerBench.Host.Text;
using MerBench.Reports.Console;
using MerBench.Reports.Tables;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class CacheCommand
{
    public static Command Create()
    {
        Option<string?> cache = CommonOptions.Cache();
        Option<string[]> kinds = new("--kind")
        {
            Description = $"Only of this kind: {string.Join(", ", StoreClearing.KnownKinds)}. Repeatable.",
            HelpName = "KIND",
        };
        kinds.Validators.Add(RequireKnown);
        Option<TimeSpan?> age = new("--older-than")
        {
            Description = "Also what was not used for so long, such as 30d.",
            HelpName = "TIME",
            CustomParser = ParseAge,
        };
        Option<bool> clear = new("--clear") { Description = "Delete what may go; without it, it is only told." };
        Option<bool> json = CommonOptions.Json("the sizes");
        var command = new Command(
            "cache",
            "List the sizes of finished work by kind, and clear what is of no use (put aside as damaged, left half written, overtaken) or "
                + "old."
        )
        {
            cache,
            kinds,
            age,
            clear,
            json,
        };
        command.SetAction(parsed =>
        {
            string folder = new RunRequest("benchmark.yaml", []) { Cache = parsed.GetValue(cache) }.CacheFolder;
            var clearing = new StoreClearing(parsed.GetValue(kinds) ?? [], parsed.GetValue(age));
            IReadOnlyList<StoredItem> items = StoreInventory.List(folder);
            bool clears = parsed.GetValue(clear);
            if (clears)
                StoreClearing.Delete(items.Where(clearing.Concerns));
            var summary = StoreSummary.Create(folder, items, clearing, clears);
            if (parsed.GetValue(json))
                Terminal.WriteJson(summary);
            else
                Write(summary);
            return ExitCode.Fine;
        });
        return command;
    }

    private static void RequireKnown(OptionResult result)
    {
        foreach (string kind in result.Tokens.Select(t => t.Value).Except(StoreClearing.KnownKinds, StringComparer.Ordinal))
            result.AddError($"there is no kind '{kind}' in a store: {NearestName.Hint(kind, StoreClearing.KnownKinds)}");
    }

    private static TimeSpan? ParseAge(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (Duration.Parse(text) is { } age)
            return age;
        result.AddError($"'{text}' is no time: expected such as 30d, 12h or 1d12h");
        return null;
    }

    private static void Write(StoreSummary summary)
    {
        if (summary.Kinds.Count == 0)
        {
            Terminal.WriteLine($"{summary.Folder} holds nothing.");
            return;
        }

        string goes = summary.Cleared ? "deleted" : "may go";
        var table = new ReportTable(
            summary.Folder,
            ["kind", "what", "entries", "size", "last used", goes, "of size"],
            [
                .. summary.Kinds.Select(k =>
                    (IReadOnlyList<string>)
                        [
                            k.Kind,
                            k.Meaning,
                            Number(k.Entries),
                            Size(k.Bytes),
                            Span(k),
                            k.Clearable == 0 ? "" : Number(k.Clearable),
                            k.Clearable == 0 ? "" : Size(k.ClearableBytes),
                        ]
                ),
            ],
            TextColumns: 2
        );
        ConsoleTable.Write(Terminal.Output, table, essential: 4);
        Terminal.WriteLine(
            (summary.Clearable, summary.Cleared) switch
            {
                (0, _) => $"{Size(summary.Bytes)} in all; nothing of it is of no use.",
                (var count, true) => $"Deleted {Number(count)} entries, {Size(summary.ClearableBytes)} of {Size(summary.Bytes)}.",
                (var count, false) =>
                    $"{Size(summary.Bytes)} in all; --clear deletes {Number(count)} entries, {Size(summary.ClearableBytes)}.",
            }
        );
    }

    private static string Number(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Size(long bytes) =>
        FormattableString.Invariant(bytes < 1e6 ? (FormattableString)$"{bytes / 1e3:0.0} kB" : $"{bytes / 1e6:#,0.0} MB");

    private static string Span(KindSummary kind)
    {
        string first = Day(kind.Oldest),
            last = Day(kind.Newest);
        return first == last ? last : $"{first} to {last}";
    }

    private static string Day(DateTimeOffset when) => when.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
