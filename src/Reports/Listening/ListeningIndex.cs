using System.Text.Json;
using MerBench.Host;
using MerBench.Host.IO;

namespace MerBench.Reports.Listening;

/// <summary>The content of <c>index.json</c> in a folder of audio: what can be heard there.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="SampleRate">Of all files, in Hz: that of the front end.</param>
/// <param name="Format">How samples are written.</param>
/// <param name="Levels">How loud the files are.</param>
/// <param name="LeftOut">What cannot be heard, and why.</param>
public sealed record ListeningIndex(
    int Schema,
    string Benchmark,
    int SampleRate,
    string Format,
    string Levels,
    IReadOnlyList<ListeningExample> Examples,
    IReadOnlyList<LeftOut> LeftOut
)
{
    public const string File = "index.json";

    /// <summary>Said once for all files.</summary>
    public const string LevelsText =
        "Clean and perturbed are equally loud (RMS, -20 dB relative to full scale, less where a peak would pass -1 dB); the difference has a gain of its own. Divide samples by the gains in gainsDb to get what the model was given.";

    /// <summary>The index of a folder; null where there is none.</summary>
    /// <exception cref="UserErrorException">It is damaged.</exception>
    public static ListeningIndex? Read(string folder)
    {
        string path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<ListeningIndex>(System.IO.File.ReadAllBytes(path), ResultJson.Options)
                ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{path} cannot be read: {e.Message} Delete it, and write the audio again.", inner: e);
        }
    }
}

/// <summary>One clip under one perturbation.</summary>
/// <param name="Name">What its files' names begin with.</param>
/// <param name="Domain">Where the perturbation lives: waveform or features.</param>
/// <param name="Kind">Whether the perturbed sound is what the model was given, or audio that was searched for.</param>
/// <param name="Failed">True for a resynthesis that found no audio worth the name: what is heard is not the perturbation.</param>
/// <param name="LabelPreserving">False where the perturbation changes what listeners feel.</param>
/// <param name="SnrDb">Of the perturbed sound against the clean one, before gains; null where nothing changed.</param>
/// <param name="Residual">Distance left by the resynthesis, as a share of the perturbation of features; null for waveforms.</param>
/// <param name="Harm">How much the perturbed input raised the mean absolute error over emotions.</param>
/// <param name="RealisedHarm">The same for the audio that resynthesis found.</param>
/// <param name="WrittenHarm">The same for the perturbed file, read back and its gain undone: what 16 bits keep; null for formats with loss, and where the model is gone.</param>
/// <param name="Rating">By emotion, on the dataset's scale, as are predictions.</param>
/// <param name="Clean">Prediction for the clean clip.</param>
/// <param name="Perturbed">Prediction for the perturbed input.</param>
/// <param name="Realised">Prediction for the audio that resynthesis found.</param>
/// <param name="GainsDb">Gains of the files.</param>
/// <param name="Audio">File names.</param>
/// <param name="Spectrograms">File names of their pictures; null where no pictures can be drawn.</param>
/// <param name="Notes">What else to know.</param>
public sealed record ListeningExample(
    string Name,
    string Cell,
    string CellKey,
    string Model,
    string Perturbation,
    string Strength,
    int Seed,
    string Clip,
    string Domain,
    SoundKind Kind,
    bool Failed,
    bool LabelPreserving,
    double? SnrDb,
    double? Residual,
    double Harm,
    double? RealisedHarm,
    double? WrittenHarm,
    IReadOnlyDictionary<string, double> Rating,
    IReadOnlyDictionary<string, double> Clean,
    IReadOnlyDictionary<string, double> Perturbed,
    IReadOnlyDictionary<string, double>? Realised,
    LevelMatch GainsDb,
    SoundFiles Audio,
    SoundFiles? Spectrograms,
    IReadOnlyList<string> Notes
);

/// <summary>File names of the three sounds of an example.</summary>
public sealed record SoundFiles(string Clean, string Perturbed, string Difference)
{
    internal IEnumerable<string> All => [Clean, Perturbed, Difference];
}

/// <param name="What">A perturbation, a cell or a clip of it.</param>
/// <param name="Failed">True where something went wrong.</param>
public sealed record LeftOut(string What, string Reason, bool Failed = false);
