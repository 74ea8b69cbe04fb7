using System.CommandLine;
using System.Globalization;
using MerBench.Host.Runs;
using MerBench.Reports.Listening;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

internal static class ExportAudioCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.BenchmarkFile();
        Option<string[]> models = Filter("--model", "Only this model", "NAME"),
            perturbations = Filter("--perturbation", "Only this perturbation", "NAME");
        Option<string[]> strengths = Filter("--strength", "Only this budget or severity, such as 'linf 0.01' or 'severity 3'", "STRENGTH");
        Option<string[]> clips = Filter(
            "--clip",
            "Only this test clip; where its input was not kept, it is perturbed again by the trained model. All kept ones when left out",
            "ID"
        );
        Option<int[]> seeds = new("--seed") { Description = "Only this seed. Repeatable.", HelpName = "N" };
        Option<string?> output = new("--output", "-o")
        {
            Description = "Folder for the files and index.json. Default: merbench-audio/NAME.",
            HelpName = "DIR",
        };
        Option<AudioFormat> format = new("--format")
        {
            Description = "wav (16-bit PCM), flac (the same samples) or mp3 (with loss); the last two need ffmpeg.",
            DefaultValueFactory = _ => AudioFormat.Wav,
            HelpName = "FORMAT",
        };
        Option<bool> json = CommonOptions.Json("the index, instead of the list,");
        var engine = new EngineOptions();
        var command = new Command(
            "export-audio",
            "Write what cells did to clips as audio: clean, perturbed and their difference, level-matched, with spectrograms."
        )
        {
            file,
            models,
            perturbations,
            strengths,
            seeds,
            clips,
            output,
            format,
            json,
        };
        engine.AddTo(command);
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Export(
                        engine.Request(parsed, parsed.GetRequiredValue(file), output: null),
                        new ExportRequest(
                            parsed.GetValue(models) ?? [],
                            parsed.GetValue(perturbations) ?? [],
                            parsed.GetValue(strengths) ?? [],
                            parsed.GetValue(seeds) ?? [],
                            parsed.GetValue(clips) ?? [],
                            parsed.GetValue(format),
                            parsed.GetValue(output)
                        ),
                        parsed.GetValue(json),
                        parsed
                    )
                )
        );
        return command;
    }

    private static Option<string[]> Filter(string name, string what, string value) =>
        new(name) { Description = $"{what}. Repeatable.", HelpName = value };

    private static int Export(RunRequest request, ExportRequest wanted, bool json, ParseResult parsed) =>
        Interruption.Guard(stop =>
        {
            ListeningIndex index = RunDisplay.Follow(
                parsed.GetValue(CommonOptions.Quiet),
                tell => AudioExport.Execute(request, wanted, tell, stop)
            );
            string folder = wanted.OutputFolder(index.Benchmark);
            if (json)
                Terminal.WriteJson(index);
            else
                foreach (ListeningExample example in index.Examples)
                    Terminal.WriteLine(Describe(example));
            foreach (LeftOut left in index.LeftOut)
                Terminal.Warn($"left out {left.What}: {left.Reason}");
            Terminal.Remark(
                parsed,
                $"Audio: {Path.GetRelativePath(Environment.CurrentDirectory, folder)}, listed in {ListeningIndex.File}"
            );
            return index.LeftOut.Any(l => l.Failed) ? ExitCode.CellFailed : ExitCode.Fine;
        });

    private static string Describe(ListeningExample example)
    {
        string kind = example switch
        {
            { Failed: true } => "resynthesis, FAILED",
            { Kind: SoundKind.Resynthesis } => "resynthesis",
            _ => "waveform",
        };
        string left = example.Residual is { } residual ? string.Create(CultureInfo.InvariantCulture, $", {residual:0 %} left over") : "";
        string snr = example.SnrDb is { } db ? string.Create(CultureInfo.InvariantCulture, $"SNR {db:0.0} dB") : "nothing changed";
        return $"{example.Audio.Perturbed}: {kind}{left}, {snr}";
    }
}
