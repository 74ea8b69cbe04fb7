using System.Globalization;
using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Reports.Figures;

namespace MerBench.Reports.Listening;

/// <summary>
/// A folder of audio with its index: for each example <c>NAME.clean</c>, <c>NAME.perturbed</c> and <c>NAME.difference</c>, as sound and as
/// picture. Files that an earlier index named and the new one does not are deleted; others are left alone.
/// </summary>
internal sealed class ListeningFolder(
    string folder,
    string benchmark,
    Func<Cell, IReadOnlyList<string>> emotions,
    Func<ModelDefinition, int> sampleRate,
    AudioFormat format,
    bool draw
)
{
    // Beyond it, what is heard has little of the perturbation.
    private const double FailedResidual = 0.9;

    private readonly List<ListeningExample> _examples = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    public void Add(PerturbedClip clip, FoundSound found)
    {
        string name = NameOf(clip.Cell, clip.Input.Clip);
        Sound sound = found.Sound;
        LevelMatch gains = found.Gains;
        SoundFiles audio = Files(name, AudioWriter.Extension(format)),
            pictures = Files(name, "png");
        int rate = sampleRate(clip.Cell.Model);
        Write(audio.Clean, pictures.Clean, "clean", gains.OfClean(sound), rate);
        Write(
            audio.Perturbed,
            pictures.Perturbed,
            sound.Kind == SoundKind.Waveform ? "perturbed" : "perturbed (resynthesis)",
            gains.OfPerturbed(sound),
            rate
        );
        Write(audio.Difference, pictures.Difference, gains.DescribeDifference, gains.OfDifference(sound), rate);
        Cell cell = clip.Cell;
        _examples.Add(
            new ListeningExample
            {
                Name = name,
                Cell = cell.Name,
                CellKey = clip.Key,
                Model = cell.Model.Name,
                Perturbation = cell.Perturbation.Name,
                Strength = cell.Strength,
                Seed = cell.Seed,
                Clip = clip.Input.Clip,
                Domain = cell.Perturbation.Domain.ToString().ToLowerInvariant(),
                Kind = sound.Kind,
                Failed = found.Residual >= FailedResidual,
                LabelPreserving = cell.Perturbation.LabelPreserving,
                SnrDb = sound.SnrDb,
                Residual = found.Residual,
                Harm = clip.Row.Harm,
                RealisedHarm = HarmOf(found.Realised),
                WrittenHarm = format == AudioFormat.Mp3 ? null : HarmOf(found.Written),
                Rating = ByEmotion(cell, clip.Row.Rating)!,
                Clean = ByEmotion(cell, clip.Row.Clean)!,
                Perturbed = ByEmotion(cell, clip.Row.Perturbed)!,
                Realised = ByEmotion(cell, found.Realised),
                GainsDb = gains,
                Audio = audio,
                SampleRate = rate,
                Spectrograms = draw ? pictures : null,
                Notes = [.. Notes(clip, found)],
            }
        );

        double? HarmOf(double[]? prediction) => prediction is null ? null : clip.Row.HarmOf(prediction);
    }

    /// <summary>Writes the index, and ends.</summary>
    public ListeningIndex Finish(IReadOnlyList<LeftOut> leftOut)
    {
        var index = new ListeningIndex(
            1,
            benchmark,
            _examples.FirstOrDefault()?.SampleRate ?? 0,
            AudioWriter.Describe(format),
            ListeningIndex.LevelsText,
            _examples,
            leftOut
        );
        Clear(folder, except: index);
        index.Write(folder, Named(index));
        return index;
    }

    /// <summary>Deletes an index and the files that it names.</summary>
    public static void Clear(string folder, ListeningIndex? except = null)
    {
        ListeningIndex? old = null;
        try
        {
            old = ListeningIndex.Read(folder);
        }
        catch (UserErrorException)
        {
            // What it named is not known, and stays.
        }

        HashSet<string> kept = [.. Named(except)];
        foreach (string file in Named(old).Where(f => !kept.Contains(f)))
            File.Delete(Path.Combine(folder, file));
        if (except is null && Directory.Exists(folder))
            foreach (string file in new[] { ListeningIndex.File, EntryManifest.FileName })
                File.Delete(Path.Combine(folder, file));
    }

    private static IEnumerable<string> Named(ListeningIndex? index) => (index?.Examples ?? []).SelectMany(e => e.Files);

    private void Write(string audio, string picture, string title, float[] samples, int rate)
    {
        Directory.CreateDirectory(folder);
        AudioWriter.Write(Path.Combine(folder, audio), samples, rate, format);
        if (draw)
            AtomicFile.Write(
                Path.Combine(folder, picture),
                FigureWriter.Png(SpectrogramFigure.Draw(title, Spectrogram.Compute(samples, rate)), FigureWriter.Screen)
            );
    }

    private static IEnumerable<string> Notes(PerturbedClip clip, FoundSound found)
    {
        if (found.Residual is { } residual)
        {
            yield return residual >= FailedResidual
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"The resynthesis failed: the audio that came closest leaves {residual:0 %} of the perturbation of features. What is "
                        + $"heard is not the perturbation."
                )
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model was given features. This is audio that was searched for, whose features leave {residual:0 %} of the "
                        + $"perturbation; other audio may come nearer."
                );
            if (found.Realised is null)
                yield return "The model is not in the store any more, so that it cannot be asked about this audio.";
        }

        if (found.Sound.SnrDb is null)
            yield return "The sound did not change.";
        if (!clip.Cell.Perturbation.LabelPreserving)
            yield return "This changes what listeners feel: ratings hold for the clean clip alone.";
        if (clip.Note is not null)
            yield return clip.Note;
    }

    private Dictionary<string, double>? ByEmotion(Cell cell, double[]? values) =>
        values is null ? null : emotions(cell).Zip(values).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal);

    private static SoundFiles Files(string name, string extension) =>
        new($"{name}.clean.{extension}", $"{name}.perturbed.{extension}", $"{name}.difference.{extension}");

    private string NameOf(Cell cell, string clip)
    {
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{cell.Perturbation.Name}-{cell.Strength}-{cell.Model.Name}-seed-{cell.Seed}-{clip}"
        );
        string name = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-')).TrimStart('.');
        if (name.Length > 120)
            name = name[..120];
        string free = name;
        for (int n = 2; !_names.Add(free); n++)
            free = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}");
        return free;
    }
}
