using System.Diagnostics;
using MerBench.FrontEnds.Madmom;
using MerBench.Host.Data;
using MerBench.Host.Storage;

namespace MerBench.Perf;

/// <summary>From audio files to features: decoding alone, the front end alone, and both as a run does them, the next files decoded while
/// these are transformed.</summary>
internal static class DecodingHarness
{
    private const double Seconds = 12;

    public static void Write(TextWriter report, int files, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("merbench-perf-").FullName;
        try
        {
            var frontEnd = new MadmomLog(new MadmomLogOptions());
            List<Clip> clips =
            [
                .. Enumerable
                    .Range(0, files)
                    .Select(i => new Clip(
                        FormattableString.Invariant($"clip{i}"),
                        i % 4 == 0 ? Split.Test : Split.Train,
                        new AudioSource.File(Tone(folder, i)),
                        [0.5f, 0.5f]
                    )),
            ];
            var content = new DatasetContent(new LabelSpace(["valence", "energy"]), null, clips, new Preparation(), "perf");
            var turns = new Turns();
            turns.Add(
                "decoding, one file after the other",
                () =>
                    Timed(() =>
                    {
                        foreach (Clip clip in clips)
                            Decode(clip, frontEnd.SampleRate);
                    })
            );
            turns.Add(
                "decoding, as many at once as there are cores",
                () => Timed(() => Parallel.ForEach(clips, clip => Decode(clip, frontEnd.SampleRate)))
            );
            turns.Add(
                "decoding and front end, with an empty cache",
                () => Prepare(content, frontEnd, Path.Combine(folder, Guid.NewGuid().ToString("N")))
            );
            string kept = Path.Combine(folder, "kept");
            Prepare(content, frontEnd, kept);
            turns.Add("the same from the cache", () => Prepare(content, frontEnd, kept));
            turns.Run(rounds);
            report.WriteLine(FormattableString.Invariant($"| {files} WAV files of {Seconds:0} s | ms |"));
            report.WriteLine("|---|---:|");
            foreach (string row in turns.Names)
                report.WriteLine($"| {row} | {Turns.Spread(turns.Of(row).ToArray(), "0")} |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Decode(Clip clip, int rate) =>
        new FfmpegDecoder().DecodeAsync(((AudioSource.File)clip.Audio).Path, rate, CancellationToken.None).GetAwaiter().GetResult();

    private static double Prepare(DatasetContent content, IFrontEnd frontEnd, string cache) =>
        Timed(() => new DatasetPreparer(new StoreFolder(cache)).Prepare(content, frontEnd, "perf", content.Preparation).Dispose());

    private static double Timed(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    // A tone with noise, 16 bits, one channel, 44.1 kHz.
    private static string Tone(string folder, int number)
    {
        const int Rate = 44_100;
        var random = new Random(number);
        string path = Path.Combine(folder, FormattableString.Invariant($"{number}.wav"));
        using var writer = new BinaryWriter(File.Create(path));
        int samples = (int)(Seconds * Rate);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * samples));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(2 * Rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * samples);
        for (int i = 0; i < samples; i++)
            writer.Write((short)(8000 * (Math.Sin(i * 0.01 * (number + 1)) + random.NextDouble() - 0.5)));
        return path;
    }
}
