using System.CommandLine;
using MerBench.Analysis.Snapshots;
using MerBench.Host;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class AcceptCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new Argument<string[]>("file")
        {
            Description = "Benchmark files (YAML). All of this folder and its subfolders when left out.",
            Arity = ArgumentArity.ZeroOrMore,
        }
            .WithoutOptions()
            .OfBenchmarkFiles();
        Option<bool> json = CommonOptions.Json("what was accepted");
        var command = new Command("accept", "Accept what 'verify' received: NAME.received.json becomes NAME.verified.json.")
        {
            files,
            json,
        };
        command.SetAction(parsed =>
        {
            string[] accepted = Accept(parsed.GetValue(files) ?? []);
            if (parsed.GetValue(json))
                Terminal.WriteJson(accepted.Select(file => new { File = file, Verified = VerifiedPath(file) }));
            else if (!parsed.GetValue(CommonOptions.Quiet))
                foreach (string file in accepted)
                    Terminal.WriteLine($"Accepted: {VerifiedPath(file)}");
            return ExitCode.Fine;
        });
        return command;
    }

    private static string VerifiedPath(string file) => Path.GetRelativePath(Environment.CurrentDirectory, SnapshotFile.Verified(file));

    private static string[] Accept(string[] files)
    {
        string[] all = files.Length > 0 ? files : Received(Environment.CurrentDirectory);
        if (all.Length == 0)
            throw new UserErrorException(
                "nothing was received in this folder and its subfolders: 'merbench verify FILE' leaves a received file where metrics moved"
            );
        foreach (string file in all)
        {
            if (!SnapshotFile.Accept(file))
                throw new UserErrorException(
                    $"{file}: nothing was received, so there is nothing to accept: 'merbench verify {file}' leaves "
                        + $"{Path.GetFileName(SnapshotFile.Received(file))} where metrics moved"
                );
        }

        return all;
    }

    private static string[] Received(string folder) =>
        [
            .. Directory
                .EnumerateFiles(
                    folder,
                    "*" + SnapshotFile.ReceivedSuffix,
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden }
                )
                .Select(f => f[..^SnapshotFile.ReceivedSuffix.Length] + ".yaml")
                .Order(StringComparer.Ordinal),
        ];
}
