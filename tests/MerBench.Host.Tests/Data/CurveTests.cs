using MerBench.Host;
using MerBench.Host.Data;
using MerBench.Host.Storage;
using static TorchSharp.torch;

namespace MerBench.Tests.Data;

/// <summary>Ratings over time on their way from a dataset to a model's moments.</summary>
public sealed class CurveTests
{
    private readonly string _store = Directory.CreateTempSubdirectory("curves-").FullName;

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_store, recursive: true);

    [TestCase(ExcerptPlacement.Start, 0.2)]
    [TestCase(ExcerptPlacement.Middle, 0.3)]
    public void An_excerpt_begins_at_a_rated_moment_and_keeps_its_frames(ExcerptPlacement placement, double start)
    {
        using PreparedDataset data = Prepare(Rated("a", Split.Train), Rated("b", Split.Test), placement: placement);
        Assert.That(data.Moments, Is.EqualTo(new RatedMoments(0.1, 5)));
        Clip clip = data.Clips(Split.Test)[0];
        Assert.That(clip.EmotionCurve!.StartSeconds, Is.EqualTo(start).Within(1e-12));
        float first = (float)(start * 10);
        Assert.That(
            clip.EmotionCurve.Ratings.Select(r => r[0] * 100),
            Is.EqualTo(Enumerable.Range(0, 5).Select(k => first + k)).Within(1e-4)
        );
        Assert.That(clip.Emotion[0] * 100, Is.EqualTo(first + 2).Within(1e-4), "the mean of the excerpt");
        Assert.That(data.Features(Split.Test).Curve!.shape, Is.EqualTo(new long[] { 1, 5, 2 }));
        // The front end triples what it hears, of which there are a thousand samples a second.
        float[] heard = data.Waveform(Split.Test, 0);
        Assert.That(heard[..3], Is.EqualTo(Ramp(1500).Skip((int)Math.Round(start * 1000)).Take(3).Select(s => s / 32768f)));
    }

    [Test]
    public void Where_the_rated_part_is_shorter_the_rest_is_nobodys()
    {
        using PreparedDataset data = Prepare(Rated("a", Split.Train), Rated("b", Split.Test, frames: 3));
        Tensor curve = data.Features(Split.Test).Curve!;
        Assert.That(curve.isnan().sum().item<long>(), Is.EqualTo(2 * 2), "two moments, two emotions");
        Assert.That(data.Clips(Split.Test)[0].Emotion[0] * 100, Is.EqualTo(3).Within(1e-4), "of what is rated");
    }

    [Test]
    public void Deviations_over_time_stand_in_where_a_clip_has_none_of_its_own()
    {
        Clip rated = Rated("b", Split.Test);
        rated = rated with
        {
            EmotionCurve = rated.EmotionCurve! with { Sd = [.. rated.EmotionCurve.Ratings.Select(_ => new[] { 0.1f, 0.3f })] },
        };
        using PreparedDataset data = Prepare(Rated("a", Split.Train), rated);
        Assert.That(data.Clips(Split.Test)[0].EmotionSd, Is.EqualTo(new[] { 0.1f, 0.3f }));
    }

    [Test]
    public void Other_ratings_over_time_are_another_dataset_and_another_place_another_excerpt()
    {
        using PreparedDataset one = Prepare(Rated("a", Split.Train), Rated("b", Split.Test)),
            other = Prepare(Rated("a", Split.Train), Rated("b", Split.Test, level: 0.02f)),
            later = Prepare(Rated("a", Split.Train), Rated("b", Split.Test, start: 0.4));
        Assert.That(new[] { one.Fingerprint, other.Fingerprint, later.Fingerprint }, Is.Unique);
        Assert.That(later.Features(Split.Test).Input.allclose(one.Features(Split.Test).Input), Is.False);
    }

    [Test]
    public void What_is_wrong_with_curves_is_said_of_each_clip()
    {
        Clip bare = Rated("bare", Split.Train) with { EmotionCurve = null },
            uneven = Rated("uneven", Split.Train, hop: 0.2),
            off = Rated("off", Split.Test, level: 3),
            narrow =
                Rated("narrow", Split.Test) with
                {
                    EmotionCurve = new RatedCurve(
                        0,
                        0.1,
                        [
                            [0.5f],
                        ]
                    ),
                };
        UserErrorException error = Assert.Throws<UserErrorException>(() =>
            Prepare(Rated("a", Split.Train), bare, uneven, off, narrow).Dispose()
        )!;
        Assert.That(
            error.Message,
            Does.Contain("clip 'bare' (ratings.csv, row of bare): it has no ratings over time, and others have")
                .And.Contain("clip 'uneven' (ratings.csv, row of uneven): its ratings over time are 0.2 s apart where others are 0.1 s")
                .And.Contain("clip 'off' (ratings.csv, row of off): 6 stands in its ratings over time of valence at 0.2 s")
                .And.Contain(
                    "clip 'narrow' (ratings.csv, row of narrow): its ratings over time have 1 numbers at 0 s, and there are 2 emotions"
                )
        );
    }

    [Test]
    public void A_recording_that_ends_before_its_ratings_is_another_one() =>
        Assert.That(
            () => Prepare(Rated("a", Split.Train), Rated("b", Split.Test, start: 1.2)).Dispose(),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("it is rated until 1.6 s, and its recording ends at 1.5 s")
        );

    [Test]
    public void An_excerpt_without_a_rating_is_refused()
    {
        Clip unrated = Rated("b", Split.Test);
        unrated = unrated with
        {
            EmotionCurve = unrated.EmotionCurve! with
            {
                Ratings = [.. unrated.EmotionCurve.Ratings.Select(r => new[] { r[0], float.NaN })],
            },
        };
        Assert.That(
            () => Prepare(Rated("a", Split.Train), unrated).Dispose(),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("nobody rated energy from 0.2 s to 0.6 s")
        );
    }

    [Test]
    public void Predictions_over_time_are_interpolated_at_the_rated_moments()
    {
        using var scope = NewDisposeScope();
        var alignment = new CurveAlignment(new RatedMoments(0.6, 4), excerptSeconds: 2);
        Tensor frames = tensor([1f, 2f, 4f, 8f], [1, 4, 1]).requires_grad_();
        ModelOutput aligned = alignment.Align(new ModelOutput(frames));
        // numpy.interp([0, .6, 1.2, 1.8], [.25, .75, 1.25, 1.75], [1, 2, 4, 8])
        Assert.That(aligned.Curve!.data<float>().ToArray(), Is.EqualTo(new[] { 1, 1.7f, 3.8f, 8 }).Within(1e-6));
        Assert.That(aligned.Emotion.item<float>(), Is.EqualTo(14.5 / 4).Within(1e-6));
        Tensor gradient = autograd.grad([aligned.Curve.sum()], [frames])[0];
        Assert.That(gradient.data<float>().ToArray(), Is.EqualTo(new[] { 1.3f, 0.7f + 0.1f, 0.9f, 1 }).Within(1e-6));
        Assert.That(
            alignment.Align(new ModelOutput(frames) { HopSeconds = 1.2 }).Curve!.data<float>().ToArray(),
            Is.EqualTo(new[] { 1, 1, 1.5f, 2 }).Within(1e-6),
            "frames are where the model says"
        );
    }

    [Test]
    public void A_model_without_time_predicts_the_same_at_each_moment_and_one_with_time_its_mean_where_none_is_rated()
    {
        using var scope = NewDisposeScope();
        var moments = new CurveAlignment(new RatedMoments(0.5, 3), 1.5);
        Assert.That(moments.Align(new ModelOutput(full(1, 2, 0.3))).Curve!.shape, Is.EqualTo(new long[] { 1, 3, 2 }));
        ModelOutput whole = CurveAlignment.None.Align(new ModelOutput(tensor([1f, 3f], [1, 2, 1])));
        Assert.That((whole.Emotion.item<float>(), whole.Curve), Is.EqualTo((2f, (Tensor?)null)));
    }

    private static Clip Rated(string id, Split split, int frames = 7, double start = 0.2, double hop = 0.1, float level = 0.01f) =>
        new(id, split, new AudioSource.Rendered(_ => Ramp(1500)), [0.5f, 0.5f], null, $"ratings.csv, row of {id}")
        {
            // Its number of hops from the recording's beginning.
            EmotionCurve = new RatedCurve(
                start,
                hop,
                [.. Enumerable.Range(0, frames).Select(k => new[] { level * (float)(Math.Round(start / hop) + k), 0.5f })]
            ),
        };

    private static short[] Ramp(int length) => [.. Enumerable.Range(1, length).Select(i => (short)(20 * (i % 1000)))];

    private PreparedDataset Prepare(params Clip[] clips) => Prepare(clips, ExcerptPlacement.Start);

    private PreparedDataset Prepare(Clip one, Clip other, ExcerptPlacement placement) => Prepare([one, other], placement);

    private PreparedDataset Prepare(Clip[] clips, ExcerptPlacement placement)
    {
        Preparation preparation = SyntheticDataset.HalfSecond with { Placement = placement };
        return new DatasetPreparer(new StoreFolder(_store)).Prepare(
            new DatasetContent(SyntheticDataset.Emotions, null, clips, preparation, "curves"),
            new TripleFrontEnd(),
            "triple",
            preparation
        );
    }
}
