using System.CommandLine;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Results.Archives;
using MerBench.Reports.Archives;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class ArchiveCommand
{
    public static Command Create()
    {
        Argument<string> run = new("run")
        {
            Description = "The results folder of a run. Default: the one in merbench-results.",
            DefaultValueFactory = _ => "merbench-results",
        };
        Option<string?> output = new("--output", "-o")
        {
            Description = "The file to write. Default: NAME.zip here.",
            HelpName = "FILE.zip",
        };
        Option<string?> license = new("--license")
        {
            Description = "Under what others may use it: an identifier of SPDX such as CC-BY-4.0, or an address. Default: none is chosen.",
            HelpName = "LICENCE",
        };
        Option<bool> audio = new("--audio")
        {
            Description = "Put sounds into it, which belong to whoever made the dataset. Left out by default.",
        };
        Option<bool> json = CommonOptions.Json("what was written");
        var command = new Command(
            "archive",
            "Pack a run into one file for a repository such as Zenodo: results, tables, report, benchmark, fingerprints, citation."
        )
        {
            run,
            output,
            license,
            audio,
            json,
        };
        command.SetAction(parsed =>
        {
            using var runs = NamedRuns.OpenSingle(parsed.GetValue(run)!);
            RunFolder folder = runs[0];
            string file = parsed.GetValue(output) ?? $"{folder.Name}.zip";
            if (ArchivedRun.IsMeantBy(parsed.GetValue(run)!) && parsed.GetValue(output) is null)
                throw new UserErrorException($"{parsed.GetValue(run)} is an archive already; name another one by --output.");
            IReadOnlyList<string> files = RunArchive.Write(
                folder,
                file,
                ArchiveTerms.Read(parsed.GetValue(license)),
                parsed.GetValue(audio)
            );
            if (parsed.GetValue(json))
                Terminal.WriteJson(
                    new
                    {
                        Path = Path.GetFullPath(file),
                        Bytes = new FileInfo(file).Length,
                        Checksum = FileHash.Compute(file),
                        Files = files,
                    }
                );
            else
                Terminal.WriteLine(Path.GetRelativePath(Environment.CurrentDirectory, file));
            if (parsed.GetValue(license) is null)
                Terminal.Remark(parsed, "No licence is chosen: --license CC-BY-4.0 lets others use the results.");
            if (!files.Contains(RunFolder.BenchmarkFile))
                Terminal.Remark(parsed, $"This run kept no {RunFolder.BenchmarkFile}: run it again, finished cells are kept, or add it.");
            return ExitCode.Fine;
        });
        return command;
    }
}
