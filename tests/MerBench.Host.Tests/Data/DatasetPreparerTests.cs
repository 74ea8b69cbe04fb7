using MerBench.Host.Data;
using MerBench.Host.Storage;
using TorchSharp;
using static MerBench.Tests.Data.SyntheticDataset;
using static TorchSharp.torch;

namespace MerBench.Tests.Data;

public sealed class DatasetPreparerTests
{
    private TemporaryFolder _cache = null!;

    [SetUp]
    public void CreateCache() => _cache = new TemporaryFolder();

    [TearDown]
    public void DeleteCache() => _cache.Dispose();

    [Test]
    public void Clips_keep_the_datasets_order_within_their_split()
    {
        using PreparedDataset prepared = Prepare(Content(Clips()));
        Assert.That(prepared.Clips(Split.Train).Select(c => c.Id), Is.EqualTo(new[] { "a", "c", "e" }));
        Assert.That(prepared.Features(Split.Train).Input.shape, Is.EqualTo(new long[] { 3, 50, 10 }));
        Assert.That(prepared.Features(Split.Train).Emotion.shape, Is.EqualTo(new long[] { 3, 2 }));
        Assert.That(prepared.Features(Split.Train).Concepts, Is.Null);
        Assert.That((prepared.SampleRate, prepared.WaveformLength), Is.EqualTo((1000, 500)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Features_are_standardised_by_the_clips_that_are_asked_for(bool onAllClips)
    {
        using PreparedDataset prepared = Prepare(Content(Clips()), HalfSecond with { StandardiseOnAllClips = onAllClips });
        double[][] clips =
        [
            .. Clips()
                .Where(c => onAllClips || c.Split == Split.Train)
                .Select(c =>
                    Sounds
                        .Noise(
                            800,
                            c.Id,
                            c.Id switch
                            {
                                "b" => 0.9,
                                "e" => 0.1,
                                _ => 0.5,
                            }
                        )
                        .Take(500)
                        .Select(s => 3 * s / 32768.0)
                        .ToArray()
                ),
        ];
        double mean = clips.Average(c => c.Average());
        double deviation = Math.Sqrt(clips.Average(c => c.Average(x => Math.Pow(x - c.Average(), 2))));
        Assert.That(prepared.Mean, Is.EqualTo(mean).Within(1e-7));
        Assert.That(prepared.StandardDeviation, Is.EqualTo(deviation).Within(1e-7));
        using var scope = NewDisposeScope();
        Assert.That(
            prepared.Features(Split.Train).Input[0].data<float>().ToArray(),
            Is.EqualTo(clips[0].Select(x => (float)((x - mean) / deviation))).Within(1e-5f)
        );
    }

    // Excerpts are the first 500 samples; three times 8192 of 32768 is a feature of 0.75.
    // Recording   features                 mean      variance      (mean - 0.8125)^2   (mean - 0.9375)^2
    // a (train)   500 of 0.75, 500 of 1.5  1.125     0.140625      0.09765625          0.03515625
    // b (train)   500 of 0, 500 of 1.5     0.75      0.5625        0.00390625          0.03515625
    // c (test)    500 of 0, 1500 of 0.75   0.5625    0.10546875    0.0625
    // Mean of the means: 0.8125 of all, 0.9375 of the training clips. Sums of both columns by clips: 0.97265625 / 3 and 0.7734375 / 2.
    [TestCase(true, 0.8125, 0.32421875)]
    [TestCase(false, 0.9375, 0.38671875)]
    public void Full_recordings_standardise_about_one_mean_where_that_is_asked_for(bool onAllClips, double mean, double variance)
    {
        Preparation preparation = HalfSecond with
        {
            StandardiseOnAllClips = onAllClips,
            StandardiseFrom = StandardisationSource.Recordings,
        };
        using PreparedDataset prepared = Prepare(
            Content(Long("a", 8192, 16384, 500), Long("b", 0, 16384, 500), Long("c", 0, 8192, 1500, Split.Test)),
            preparation
        );
        Assert.That(prepared.Mean, Is.EqualTo(mean).Within(1e-12));
        Assert.That(prepared.StandardDeviation, Is.EqualTo(Math.Sqrt(variance)).Within(1e-12));
        Assert.That(prepared.Features(Split.Train).Input.shape, Is.EqualTo(new long[] { 2, 50, 10 }), "models still read excerpts");
        Assert.That(
            prepared.Features(Split.Train).Input[0].data<float>().ToArray(),
            Is.All.EqualTo((0.75 - mean) / Math.Sqrt(variance)).Within(1e-6)
        );

        static Clip Long(string id, short first, short then, int thenLength, Split split = Split.Train) =>
            Clip(id, split) with
            {
                Audio = new AudioSource.Rendered(_ => [.. Enumerable.Repeat(first, 500), .. Enumerable.Repeat(then, thenLength)]),
            };
    }

    [Test]
    public void Statistics_of_full_recordings_are_computed_once_for_all_excerpts()
    {
        Preparation recordings = HalfSecond with { StandardiseFrom = StandardisationSource.Recordings };
        var frontEnd = new TripleFrontEnd();
        using PreparedDataset first = Prepare(Content(Clips()), recordings, frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(10), "an excerpt and a recording of each of five clips");
        using PreparedDataset again = Prepare(Content(Clips()), recordings, frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(10));
        using PreparedDataset elsewhere = Prepare(Content(Clips()), recordings with { Placement = ExcerptPlacement.Middle }, frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(15), "other excerpts of known recordings");
        Assert.That(
            (again.Mean, again.StandardDeviation, again.Fingerprint),
            Is.EqualTo((first.Mean, first.StandardDeviation, first.Fingerprint))
        );
        Assert.That((elsewhere.Mean, elsewhere.StandardDeviation), Is.EqualTo((first.Mean, first.StandardDeviation)));
        using PreparedDataset excerpts = Prepare(Content(Clips()), HalfSecond, frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(15), "excerpts serve both");
        Assert.That(excerpts.Fingerprint, Is.Not.EqualTo(first.Fingerprint));
    }

    [Test]
    public void Damaged_statistics_are_computed_anew()
    {
        Preparation recordings = HalfSecond with { StandardiseFrom = StandardisationSource.Recordings };
        using PreparedDataset first = Prepare(Content(Clips()), recordings);
        string[] files = Directory.GetFiles(_cache.File("statistics"));
        Assert.That(files, Has.Length.EqualTo(5));
        byte[] damaged = File.ReadAllBytes(files[0]);
        damaged[5] ^= 1;
        File.WriteAllBytes(files[0], damaged);
        var frontEnd = new TripleFrontEnd();
        using PreparedDataset second = Prepare(Content(Clips()), recordings, frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(1));
        Assert.That((second.Mean, second.StandardDeviation), Is.EqualTo((first.Mean, first.StandardDeviation)));
    }

    [Test]
    public void Features_follow_from_waveforms_by_the_differentiable_path()
    {
        using PreparedDataset prepared = Prepare(Content(Clips()));
        using var scope = NewDisposeScope();
        Tensor waveform = prepared.Waveforms(Split.Train).Input.detach().requires_grad_();
        Tensor features = prepared.FromWaveform(waveform);
        Assert.That(
            features.data<float>().ToArray(),
            Is.EqualTo(prepared.Features(Split.Train).Input.data<float>().ToArray()).Within(1e-6f)
        );
        Tensor gradient = autograd.grad([features.sum()], [waveform])[0];
        Assert.That(gradient.data<float>().ToArray(), Is.All.EqualTo(3 / prepared.StandardDeviation).Within(1e-4));
    }

    [Test]
    public void A_second_preparation_computes_nothing_and_gives_the_same_bits()
    {
        var frontEnd = new TripleFrontEnd();
        using PreparedDataset first = Prepare(Content(Clips()), frontEnd: frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(5));
        using PreparedDataset second = Prepare(Content(Clips()), frontEnd: frontEnd);
        Assert.That(frontEnd.Transforms, Is.EqualTo(5));
        Assert.That(second.Fingerprint, Is.EqualTo(first.Fingerprint));
        Assert.That(
            second.Features(Split.Test).Input.data<float>().ToArray(),
            Is.EqualTo(first.Features(Split.Test).Input.data<float>().ToArray())
        );
    }

    [Test]
    public void A_damaged_cache_file_is_computed_anew()
    {
        Prepare(Content(Clips())).Dispose();
        string damaged = Directory.GetFiles(_cache.File("features"))[0];
        File.WriteAllBytes(damaged, [.. File.ReadAllBytes(damaged).SkipLast(1)]);
        var frontEnd = new TripleFrontEnd();
        Prepare(Content(Clips()), frontEnd: frontEnd).Dispose();
        Assert.That(frontEnd.Transforms, Is.EqualTo(1));
    }

    [Test]
    public void Another_front_end_or_excerpt_shares_no_features()
    {
        string[] fingerprints =
        [
            Fingerprint(HalfSecond, "triple"),
            Fingerprint(HalfSecond, "triple 2"),
            Fingerprint(HalfSecond with { Placement = ExcerptPlacement.Middle }, "triple"),
            Fingerprint(HalfSecond with { ExcerptSeconds = 0.4 }, "triple"),
            Fingerprint(HalfSecond with { Placement = ExcerptPlacement.Random }, "triple"),
        ];
        Assert.That(fingerprints, Is.Unique);
        Assert.That(Directory.GetFiles(_cache.File("features")), Has.Length.EqualTo(25));

        string Fingerprint(Preparation preparation, string key)
        {
            using PreparedDataset prepared = Prepare(Content(Clips()), preparation, frontEndKey: key);
            return prepared.Fingerprint;
        }
    }

    [Test]
    public void The_fingerprint_follows_audio_ratings_and_splits()
    {
        Clip[] clips = Clips();
        DatasetContent[] contents =
        [
            Content(clips),
            Content([.. clips[..4], clips[4] with { Audio = new AudioSource.Rendered(_ => Sounds.Noise(800, "other")) }]),
            Content([.. clips[..4], clips[4] with { Emotion = [0.25f, 0.7500001f] }]),
            Content([.. clips[..4], clips[4] with { Split = Split.Test }]),
        ];
        Assert.That(
            contents
                .Select(c =>
                {
                    using PreparedDataset p = Prepare(c);
                    return p.Fingerprint;
                })
                .ToArray(),
            Is.Unique
        );
    }

    [Test]
    public void Tensors_live_through_dispose_scopes_and_go_with_the_dataset()
    {
        using (NewDisposeScope())
            zeros(1);
        DisposeScopeManager.Statistics.Reset();
        PreparedDataset prepared;
        using (NewDisposeScope())
        {
            prepared = Prepare(Content(Clips()));
            prepared.Waveforms(Split.Test);
        }

        Assert.That(prepared.Features(Split.Train).Input.sum().item<float>(), Is.Not.NaN);
        Assert.That(prepared.Waveforms(Split.Test).Input.shape, Is.EqualTo(new long[] { 1, 500 }));
        prepared.Dispose();
        Assert.That(prepared.Features(Split.Train).Input.IsInvalid, Is.True);
        Assert.That(prepared.Features(Split.Train).Emotion.IsInvalid, Is.True);
    }

    [Test]
    public void Progress_ends_at_the_number_of_clips()
    {
        var reports = new List<PreparationProgress>();
        new DatasetPreparer(new StoreFolder(_cache.Path))
            .Prepare(Content(Clips()), new TripleFrontEnd(), "triple", HalfSecond, new Collect(reports))
            .Dispose();
        Assert.That(reports.Select(r => r.Done), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(reports[^1], Is.EqualTo(new PreparationProgress(5, 5, "e")));
    }

    [Test]
    public void Cancelling_stops_preparation() =>
        Assert.That(
            () =>
                new DatasetPreparer(new StoreFolder(_cache.Path)).Prepare(
                    Content(Clips()),
                    new TripleFrontEnd(),
                    "triple",
                    HalfSecond,
                    null,
                    new CancellationToken(canceled: true)
                ),
            Throws.InstanceOf<OperationCanceledException>()
        );

    private PreparedDataset Prepare(
        DatasetContent content,
        Preparation? preparation = null,
        IFrontEnd? frontEnd = null,
        string frontEndKey = "triple"
    ) =>
        new DatasetPreparer(new StoreFolder(_cache.Path)).Prepare(
            content,
            frontEnd ?? new TripleFrontEnd(),
            frontEndKey,
            preparation ?? HalfSecond
        );

    private sealed class Collect(List<PreparationProgress> reports) : IProgress<PreparationProgress>
    {
        public void Report(PreparationProgress value) => reports.Add(value);
    }
}
