using System.ComponentModel;

namespace MerBench.Datasets.AudioCsv.Soundtracks;

/// <summary>Whose features give the mean and standard deviation that all features are standardised by.</summary>
public enum Standardisation
{
    /// <summary>All clips, test clips included, as in the paper.</summary>
    AllClips,

    /// <summary>Training clips only, so that nothing of the test clips leaks into training.</summary>
    TrainingClips,
}

/// <summary>Options of <see cref="SoundtracksDataset"/>.</summary>
public sealed record SoundtracksOptions(
    [Description("Folder with mean_ratings_set1.csv and the clips 001.mp3 to 360.mp3, there or in a folder 'Set1'.")]
    [DirectoryPath]
        string Root,
    [Description("Folder of the mid-level dataset, with metadata_annotations/; concepts are joined from it. None by default.")]
    [DirectoryPath]
        string? Midlevel = null,
    [Description("all-clips standardises features as the paper does, training-clips without a leak from the test clips.")]
        Standardisation Standardise = Standardisation.AllClips
);
