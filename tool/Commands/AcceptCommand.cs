using System.CommandLine;
using MerBench.Host;
using MerBench.Host.Snapshots;

namespace MerBench.Tool.Commands;

internal static class AcceptCommand
{
    public static Command Create()
    {
        Argument<string[]> files = new Argument<string[]>("file") { Description = "Benchmark files (YAML). All of this folder and its subfolders when left out.", Arity = ArgumentArity.ZeroOrMore }.WithoutOptions();
        var command = new Command("accept", "Accept what 'verify' received: NAME.received.json becomes NAME.verified.json.") { files };
        command.SetAction(parsed => Accept(parsed.GetValue(files) ?? []));
        return command;
    }

    private static int Accept(string[] files)
    {
        string[] all = files.Length > 0 ? files : Received(Environment.CurrentDirectory);
        if (all.Length == 0) throw new UserErrorException("nothing was received in this folder and its subfolders: 'merbench verify FILE' leaves a received file where metrics moved");
        foreach (string file in all)
        {
            string verified = Path.GetRelativePath(Environment.CurrentDirectory, SnapshotFile.Verified(file));
            if (!SnapshotFile.Accept(file))
                throw new UserErrorException($"{file}: nothing was received, so there is nothing to accept: 'merbench verify {file}' leaves {Path.GetFileName(SnapshotFile.Received(file))} where metrics moved");
            Console.Out.WriteLine($"Accepted: {verified}");
        }

        return ExitCode.Fine;
    }

    private static string[] Received(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*" + SnapshotFile.ReceivedSuffix, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden })
            .Select(f => f[..^SnapshotFile.ReceivedSuffix.Length] + ".yaml").Order(StringComparer.Ordinal)];
}
