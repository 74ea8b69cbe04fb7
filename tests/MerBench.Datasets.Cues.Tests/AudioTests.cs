using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues.Tests;

public sealed class AudioTests
{
    [TestCase(0, 57)]
    [TestCase(1, 69)]
    [TestCase(2, 81)]
    public void A_single_note_sounds_at_its_pitch(int timbre, int pitch)
    {
        double expected = 440 * Math.Pow(2, (pitch - 69) / 12.0);
        double[] sound = Sound.Render(Sound.Probe((Timbre)timbre, pitch))[6000..20000];
        Assert.That(Sound.StrongestFrequencyNear(sound, expected), Is.EqualTo(expected).Within(0.01 * expected));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_louder_tone_is_brighter_and_stronger(int timbre)
    {
        double[] soft = Sound.Render(Sound.Probe((Timbre)timbre, 65, -10)),
            middle = Sound.Render(Sound.Probe((Timbre)timbre, 65)),
            loud = Sound.Render(Sound.Probe((Timbre)timbre, 65, 10));
        Assert.Multiple(() =>
        {
            Assert.That(Sound.Centroid(middle), Is.GreaterThan(1.1 * Sound.Centroid(soft)));
            Assert.That(Sound.Centroid(loud), Is.GreaterThan(1.1 * Sound.Centroid(middle)));
            Assert.That(20 * Math.Log10(loud.Max(Math.Abs) / soft.Max(Math.Abs)), Is.EqualTo(20).Within(0.1));
        });
    }

    [Test]
    public void The_three_instruments_differ_in_brightness()
    {
        double[] centroids = [.. Enum.GetValues<Timbre>().Select(t => Sound.Centroid(Sound.Render(Sound.Probe(t, 65))))];
        Assert.That(centroids[(int)Timbre.Trumpet], Is.GreaterThan(1.3 * centroids[(int)Timbre.Horn]));
        Assert.That(centroids[(int)Timbre.Horn], Is.GreaterThan(1.1 * centroids[(int)Timbre.Flute]));
    }

    [Test]
    public void A_higher_register_raises_the_centroid()
    {
        double[] centroids =
        [
            .. new[] { 53, 63, 73, 83 }.Select(r =>
                Sound.Centroid(Sound.Render(Sound.Compose(Sound.PlainCue with { Register = r }, Sound.PlainTexture, 6)))
            ),
        ];
        Assert.That(centroids, Is.Ordered.Ascending);
        Assert.That(centroids[^1], Is.GreaterThan(1.4 * centroids[0]));
    }

    [TestCase(1.5)]
    [TestCase(3)]
    [TestCase(4.5)]
    public void Onsets_heard_in_the_melody_come_at_the_tempo(double tempo)
    {
        double seconds = 32 / tempo;
        Score score = Sound.Compose(Sound.PlainCue with { Tempo = tempo, Articulation = 0.3 }, Sound.PlainTexture, seconds);
        int heard = Sound.CountOnsets(Sound.Render(score with { Notes = [.. score.Notes.Where(n => n.Part == Part.Melody)] }));
        Assert.That(heard / seconds, Is.EqualTo(tempo).Within(0.07 * tempo));
    }

    [Test]
    public void Articulation_is_the_share_of_time_that_a_note_sounds()
    {
        double Sounding(double articulation)
        {
            Score score = Sound.Compose(Sound.PlainCue with { Articulation = articulation }, Sound.PlainTexture, 8);
            double[] sound = Sound.Render(score with { Notes = [.. score.Notes.Where(n => n.Part == Part.Melody)] });
            double[] levels = [.. sound.Chunk(220).Select(c => Math.Sqrt(c.Average(x => x * x)))];
            return levels.Count(l => l > 0.3 * levels.Max()) / (double)levels.Length;
        }

        Assert.That(Sounding(0.25), Is.EqualTo(0.25).Within(0.1));
        Assert.That(Sounding(0.6), Is.EqualTo(0.6).Within(0.1));
        Assert.That(Sounding(1), Is.GreaterThan(0.9));
    }

    [TestCase(0, 53)]
    [TestCase(0, 83)]
    [TestCase(1, 65)]
    [TestCase(2, 65)]
    public void Notes_begin_and_end_without_a_click(int timbre, int pitch)
    {
        var instrument = Instrument.Choose((Timbre)timbre);
        double[] Play(Instrument player) =>
            Sound.Render(
                new Score([new Note(0.1, 0.403, pitch, 1, player, Part.Melody), new Note(0.9, 0.3, pitch, 1, player, Part.Melody)], 0, 1.5)
            );
        // Against tones held at full level and brightness: neither attack nor decay nor release may be steeper.
        double held = Sound.LargestStep(Play(instrument with { Sustain = 1 }));
        double[] sound = Play(instrument);
        Assert.That(Sound.LargestStep(sound), Is.LessThan(1.05 * held));

        Array.Clear(sound, Array.IndexOf(sound, sound.Max()) + 1, 400);
        Assert.That(Sound.LargestStep(sound), Is.GreaterThan(1.5 * held), "the measure sees a note that breaks off");
    }

    [Test]
    public void Partials_above_half_the_sample_rate_are_left_out()
    {
        double[] sound = [.. ScoreRenderer.Render(Sound.Probe(Timbre.Trumpet, 95, 10), 8000).Select(s => s / 32768.0)];
        // 1976 Hz at a rate of 8000 Hz has room for one partial: alias tones would stand at 8000 - 3 * 1976 = 2072 Hz and elsewhere.
        double[] row = Sound.Spectrogram(sound)[5];
        int fundamental = (int)Math.Round(1975.5 * 2048 / 8000);
        double elsewhere = row.Where((_, k) => Math.Abs(k - fundamental) > 12).Max();
        Assert.That(elsewhere, Is.LessThan(0.01 * row[fundamental]));
    }

    [TestCase(CueStyle.Band)]
    [TestCase(CueStyle.Chamber)]
    public void Clips_are_neither_clipped_nor_silent_nor_offset(CueStyle style)
    {
        DatasetContent content = new CuesDataset(new CuesOptions(Clips: 24, Seconds: 4, Style: style)).Load(default);
        Assert.Multiple(() =>
        {
            foreach (Clip clip in content.Clips)
            {
                short[] samples = ((AudioSource.Rendered)clip.Audio).Render(Sound.SampleRate);
                double rms = Math.Sqrt(samples.Average(s => (double)s * s));
                Assert.That(samples, Has.Length.EqualTo(4 * Sound.SampleRate));
                Assert.That(samples.Max(s => Math.Abs((int)s)), Is.InRange(2900, 29600), clip.Id);
                Assert.That(rms, Is.GreaterThan(300), clip.Id);
                Assert.That(Math.Abs(samples.Average(s => (double)s)), Is.LessThan(0.02 * rms), clip.Id);
                foreach (short[] second in samples.Chunk(Sound.SampleRate))
                    Assert.That(second.Max(s => Math.Abs((int)s)), Is.GreaterThan(500), $"{clip.Id} pauses for a second");
            }
        });
    }
}
