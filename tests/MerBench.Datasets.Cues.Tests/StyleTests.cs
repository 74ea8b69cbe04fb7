using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues.Tests;

/// <summary>A second way to write and play music by the same rules.</summary>
public sealed class StyleTests
{
    private static readonly Texture s_chamber = Sound.PlainTexture with { Style = CueStyle.Chamber };

    [Test]
    public void Ratings_follow_the_same_rules_from_other_music()
    {
        var band = new CueDesign(1);
        var chamber = new CueDesign(1, style: CueStyle.Chamber);
        Cue[] cues = [.. Enumerable.Range(0, 24).Select(chamber.CueOf)];
        Assert.That(cues.Select(c => (c.Melody, c.Minor, c.Timbre)), Is.Unique, "a block is as balanced");
        Assert.That(cues, Is.Not.EqualTo(Enumerable.Range(0, 24).Select(band.CueOf)));
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 24, Style: CueStyle.Chamber)).Load(default);
        DatasetContent first = new CuesDataset(new CuesOptions(Clips: 24)).Load(default);
        Assert.That(content.Emotions.Names, Is.EqualTo(first.Emotions.Names));
        Assert.That(content.Clips.Select(c => c.Emotion), Is.Not.EqualTo(first.Clips.Select(c => c.Emotion)));
    }

    [Test]
    public void The_three_instruments_differ_in_brightness_as_those_that_they_stand_for()
    {
        double[] centroids =
        [
            .. Enum.GetValues<Timbre>()
                .Select(t =>
                    Sound.Centroid(
                        Sound.Render(
                            new Score(
                                [new Note(0.1, 1, 65, 1, Instrument.Choose(t, CueStyle.Chamber), Part.Melody)],
                                0,
                                1.5,
                                CueStyle.Chamber
                            )
                        )
                    )
                ),
        ];
        Assert.That(centroids[(int)Timbre.Trumpet], Is.GreaterThan(1.3 * centroids[(int)Timbre.Horn]));
        Assert.That(centroids[(int)Timbre.Horn], Is.GreaterThan(1.1 * centroids[(int)Timbre.Flute]));
    }

    [Test]
    public void The_same_cue_has_other_chords_and_instruments()
    {
        foreach (MelodyCharacter melody in Enum.GetValues<MelodyCharacter>())
        {
            Cue cue = Sound.PlainCue with { Melody = melody };
            Score band = Sound.Compose(cue, Sound.PlainTexture, 10),
                chamber = Sound.Compose(cue, s_chamber, 10);
            Assert.That(chamber.Notes.Select(n => n.Instrument).Intersect(band.Notes.Select(n => n.Instrument)), Is.Empty);
            Assert.That(Bass(chamber), Is.Not.EqualTo(Bass(band)), melody.ToString());
        }
    }

    [Test]
    public void Tempo_and_register_mean_the_same()
    {
        Score chamber = Sound.Compose(Sound.PlainCue with { Tempo = 4, Register = 71 }, s_chamber, 16);
        Note[] melody = [.. chamber.Notes.Where(n => n.Part == Part.Melody)];
        Assert.That(melody, Has.Length.EqualTo(64));
        Assert.That(melody.Average(n => n.Pitch), Is.EqualTo(71).Within(4));
    }

    private static double[] Bass(Score score) => [.. score.Notes.Where(n => n.Part == Part.Bass).Select(n => n.Pitch)];
}
