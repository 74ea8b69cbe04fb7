using System.CommandLine;
using DiffEngine;
using MerBench.Analysis.Snapshots;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Text;
using MerBench.Reports.Console;
using MerBench.Reports.Markdown;
using MerBench.Reports.Tables;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class VerifyCommand
{
    private const string SummaryVariable = "GITHUB_STEP_SUMMARY";

    public static Command Create()
    {
        Argument<string[]> files = new Argument<string[]>("file")
        {
            Description = "Benchmark files (YAML). NAME.yaml is compared with NAME.verified.json beside it.",
            Arity = ArgumentArity.OneOrMore,
        }
            .WithoutOptions()
            .OfBenchmarkFiles();
        var engine = new EngineOptions();
        var report = new ReportOption();
        Option<bool> accept = new("--accept")
        {
            Description = "Accept what the run finds, as for the first time. Refused on build servers.",
        };
        Option<bool> strict = new("--strict")
        {
            Description = "Fail also where metrics improved, or moved and one cannot tell whether for the worse.",
        };
        Option<string?> junit = new("--junit") { Description = "Write JUnit XML, a case a cell.", HelpName = "FILE" };
        Option<string?> markdown = new("--markdown")
        {
            Description = "Write the explanation as Markdown. On GitHub Actions it is appended to the step's summary in any case.",
            HelpName = "FILE",
        };
        Option<AnnotationFormat?> annotations = new("--annotations")
        {
            Description =
                "Lines that point into the YAML: none, github or msbuild. Default: MERBENCH_ANNOTATIONS, else github on GitHub Actions, "
                + "else none.",
            CustomParser = result =>
                Enum.TryParse(result.Tokens[0].Value, ignoreCase: true, out AnnotationFormat format) ? format : Refuse(result),
            HelpName = "FORMAT",
        };
        Option<bool> noDiff = new("--no-diff")
        {
            Description = "Do not open a diff tool. It is never opened on build servers and without a terminal.",
        };
        Option<bool> json = CommonOptions.Json("verdicts and explanations, instead of text,");
        var command = new Command(
            "verify",
            "Run benchmarks and compare their metrics with the accepted ones; exit code 2 says that robustness regressed."
        )
        {
            files,
            accept,
            strict,
            junit,
            markdown,
            annotations,
            noDiff,
            json,
        };
        engine.AddTo(command);
        report.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Interruption.Guard(stop =>
                    {
                        string[] paths = parsed.GetRequiredValue(files);
                        if (parsed.GetValue(accept) && IsBuildServer)
                            throw new UserErrorException(
                                "'--accept' is refused on a build server: what it accepts would be gone with the machine. Accept where "
                                    + "you work, and commit the verified file."
                            );
                        var found = new List<BenchmarkVerification>();
                        foreach (string path in paths)
                        {
                            BenchmarkVerification verification = RunDisplay.Follow(
                                parsed.GetValue(CommonOptions.Quiet),
                                tell => SnapshotVerification.Execute(engine.Request(parsed, path, null), report.Read(parsed), tell, stop)
                            );
                            found.Add(verification);
                            if (parsed.GetValue(accept))
                                Accept(verification);
                            else if (!parsed.GetValue(json))
                                VerificationConsole.Write(Terminal.Output, verification);
                            if (!parsed.GetValue(accept))
                                ShowDifference(verification, parsed.GetValue(noDiff));
                        }

                        if (parsed.GetValue(json))
                            Terminal.WriteJson(found);
                        AnnotationFormat format =
                            parsed.GetValue(annotations) ?? Annotations.FromEnvironment(Environment.GetEnvironmentVariable);
                        if (!parsed.GetValue(accept))
                            Publish(
                                found,
                                parsed.GetValue(json) ? Console.Error : Console.Out,
                                format,
                                parsed.GetValue(strict),
                                parsed.GetValue(junit),
                                parsed.GetValue(markdown)
                            );
                        bool dangling = ReportDangling(paths);
                        if (found.Exists(v => v.Count(SnapshotVerdict.Failed) > 0))
                            return ExitCodeOf(found, parsed.GetValue(strict), ExitCode.CellFailed);
                        if (parsed.GetValue(accept))
                            return ExitCode.Fine;
                        return dangling ? ExitCode.Regressed : ExitCodeOf(found, parsed.GetValue(strict), ExitCode.Fine);
                    })
                )
        );
        return command;
    }

    // DiffEngine knows many servers by their own variables, and not the one that most of them set.
    private static bool IsBuildServer =>
        BuildServerDetector.Detected || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    private static AnnotationFormat Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"'{result.Tokens[0].Value}' is no format of annotations: expected none, github or msbuild");
        return AnnotationFormat.None;
    }

    private static int ExitCodeOf(List<BenchmarkVerification> found, bool strict, int otherwise) =>
        found.Exists(v => v.IsBroken(strict)) ? ExitCode.Regressed : otherwise;

    private static void Accept(BenchmarkVerification verification)
    {
        if (verification.Count(SnapshotVerdict.Failed) > 0)
        {
            Terminal.Warn(
                $"{verification.File}: not accepted, as {Quantity.Write(verification.Count(SnapshotVerdict.Failed), "cell")} failed: "
                    + $"{verification.Conditions.SelectMany(c => c.Cells).First(c => c.Verdict == SnapshotVerdict.Failed).Note}"
            );
            return;
        }

        bool moved = SnapshotFile.Accept(verification.File);
        Terminal.Warn(
            moved
                ? $"Accepted: {Path.GetRelativePath(Environment.CurrentDirectory, verification.Verified)}"
                : $"{verification.File}: nothing to accept, the snapshot holds."
        );
    }

    private static void ShowDifference(BenchmarkVerification verification, bool off)
    {
        if (
            verification.Received is null
            || !verification.HasSnapshot
            || off
            || StandardStreams.IsOutputRedirected
            || IsBuildServer
            || DiffRunner.Disabled
        )
            return;
        Terminal.Try("the difference", () => DiffRunner.Launch(verification.Received, verification.Verified));
    }

    private static void Publish(
        List<BenchmarkVerification> found,
        TextWriter log,
        AnnotationFormat annotations,
        bool strict,
        string? junit,
        string? markdown
    )
    {
        Terminal.Try(
            "the list of annotations",
            () =>
            {
                foreach (string line in found.SelectMany(v => Annotations.List(v, annotations, strict)))
                    log.WriteLine(line);
            }
        );
        if (junit is not null)
            Terminal.Try($"--junit {junit}", () => JUnitReport.Write(junit, found, strict));
        if (markdown is not null)
            Terminal.Try($"--markdown {markdown}", () => AtomicFile.Write(markdown, VerificationMarkdown.Render(found)));
        if (Environment.GetEnvironmentVariable(SummaryVariable) is { Length: > 0 } summary)
            Terminal.Try($"{SummaryVariable} {summary}", () => File.AppendAllText(summary, VerificationMarkdown.Render(found)));
    }

    // A snapshot without a benchmark guards nothing; a person may be in the middle of renaming.
    private static bool ReportDangling(IEnumerable<string> files)
    {
        string[] dangling =
        [
            .. files
                .Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(SnapshotFile.Dangling),
        ];
        foreach (string file in dangling)
            Terminal.Warn($"{(IsBuildServer ? "error" : "warning")}: {file}: the benchmark of this snapshot is gone; remove it too");
        return dangling.Length > 0 && IsBuildServer;
    }
}
