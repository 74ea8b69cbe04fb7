using System.Text.Json;
using MerBench.Host;
using MerBench.Host.IO;
using MerBench.Host.Storage;
using MerBench.Host.Text;

namespace MerBench.Reports.Listening;

/// <summary>The content of <c>index.json</c> in a folder of audio: what can be heard there.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="SampleRate">Of the files, in Hz: that of the model's front end. Where models differ, that of the first example.</param>
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
    private const string Kind = "audio";

    /// <summary>Said once for all files.</summary>
    public const string LevelsText =
        "Clean and perturbed are equally loud (RMS, -20 dB relative to full scale, less where a peak would pass -1 dB); the difference "
        + "has a gain of its own. Divide samples by the gains in gainsDb to get what the model was given.";

    private static readonly JsonSerializerOptions Strict = StrictJson.CreateOptions();

    /// <summary>The index of a folder; null where there is none.</summary>
    /// <exception cref="UserErrorException">It is damaged.</exception>
    public static ListeningIndex? Read(string folder)
    {
        string path = Path.Combine(folder, File);
        if (EntryManifest.IsIn(folder))
            Require(folder);
        else if (!System.IO.File.Exists(path))
            return null;
        try
        {
            var index = StrictJson.Read<ListeningIndex>(System.IO.File.ReadAllBytes(path), Strict);
            return index.Examples.SelectMany(e => e.Files).FirstOrDefault(IsElsewhere) is { } elsewhere
                ? throw new JsonException($"'{elsewhere}' is no name of a file beside it")
                : index;
        }
        catch (JsonException e)
        {
            string reason = GuestText.Message(e.Message).TrimEnd('.');
            throw new UserErrorException($"{path} cannot be read: {reason}. Delete it, and write the audio again.", inner: e);
        }
    }

    // Pages embed what is named here, and an index of others must not name what is the user's own.
    private static bool IsElsewhere(string file) => file is "" or "." or ".." || file.AsSpan().ContainsAny('/', '\\');

    /// <summary>Writes the index, and last the manifest by which it and the files that it names are believed.</summary>
    /// <param name="files">These files.</param>
    internal void Write(string folder, IEnumerable<string> files)
    {
        AtomicFile.Write(Path.Combine(folder, File), JsonSerializer.SerializeToUtf8Bytes(this, ResultJson.Options));
        EntryManifest.Write(folder, Kind, Benchmark, files.Append(File));
    }

    // Audio takes room, and may be deleted.
    private static void Require(string folder)
    {
        string? fault =
            EntryManifest.FindFault(folder, Kind, null, mayMiss: true)
            ?? (System.IO.File.Exists(Path.Combine(folder, File)) ? null : $"{File} is missing");
        if (fault is not null)
            throw new UserErrorException(
                $"The audio in {folder} is not as it was written: {fault}. Run the benchmark again, or delete the folder."
            );
    }
}

/// <summary>One clip under one perturbation.</summary>
public sealed record ListeningExample
{
    /// <summary>What its files' names begin with.</summary>
    public required string Name { get; init; }

    public required string Cell { get; init; }

    public required string CellKey { get; init; }

    public required string Model { get; init; }

    public required string Perturbation { get; init; }

    public required string Strength { get; init; }

    public required int Seed { get; init; }

    public required string Clip { get; init; }

    /// <summary>Where the perturbation lives: waveform or features.</summary>
    public required string Domain { get; init; }

    /// <summary>Whether the perturbed sound is what the model was given, or audio that was searched for.</summary>
    public required SoundKind Kind { get; init; }

    /// <summary>True for a resynthesis that found no audio worth the name: what is heard is not the perturbation.</summary>
    public required bool Failed { get; init; }

    /// <summary>False where the perturbation changes what listeners feel.</summary>
    public required bool LabelPreserving { get; init; }

    /// <summary>Of the perturbed sound against the clean one, before gains; null where nothing changed.</summary>
    public double? SnrDb { get; init; }

    /// <summary>Distance left by the resynthesis, as a share of the perturbation of features; null for waveforms.</summary>
    public double? Residual { get; init; }

    /// <summary>How much the perturbed input raised the mean absolute error over emotions.</summary>
    public required double Harm { get; init; }

    /// <summary>The same for the audio that resynthesis found.</summary>
    public double? RealisedHarm { get; init; }

    /// <summary>The same for the perturbed file, read back and its gain undone: what 16 bits keep; null for formats with loss, and where
    /// the model is gone.</summary>
    public double? WrittenHarm { get; init; }

    /// <summary>By emotion, on the dataset's scale, as are predictions.</summary>
    public required IReadOnlyDictionary<string, double> Rating { get; init; }

    /// <summary>Prediction for the clean clip.</summary>
    public required IReadOnlyDictionary<string, double> Clean { get; init; }

    /// <summary>Prediction for the perturbed input.</summary>
    public required IReadOnlyDictionary<string, double> Perturbed { get; init; }

    /// <summary>Prediction for the audio that resynthesis found.</summary>
    public IReadOnlyDictionary<string, double>? Realised { get; init; }

    /// <summary>Gains of the files.</summary>
    public required LevelMatch GainsDb { get; init; }

    /// <summary>Of its files, in Hz; null in older folders, whose index says it.</summary>
    public int? SampleRate { get; init; }

    /// <summary>File names.</summary>
    public required SoundFiles Audio { get; init; }

    /// <summary>File names of their pictures; null where no pictures can be drawn.</summary>
    public SoundFiles? Spectrograms { get; init; }

    /// <summary>What else to know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Names of all of its files.</summary>
    internal IEnumerable<string> Files => Audio.All.Concat(Spectrograms?.All ?? []);
}

/// <summary>File names of the three sounds of an example.</summary>
public sealed record SoundFiles(string Clean, string Perturbed, string Difference)
{
    internal IEnumerable<string> All => [Clean, Perturbed, Difference];
}

/// <param name="What">A perturbation, a cell or a clip of it.</param>
/// <param name="Failed">True where something went wrong.</param>
public sealed record LeftOut(string What, string Reason, bool Failed = false);
