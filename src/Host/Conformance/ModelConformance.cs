using MerBench.Host.Arithmetic;
using MerBench.Host.Checks;
using MerBench.Host.Checks.Models;
using MerBench.Host.Data;
using MerBench.Host.Plugins;
using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>The promises of <see cref="IModel"/>.</summary>
internal sealed class ModelConformance(PluginUse use, Device device)
{
    private const int Clips = 4,
        TrainingClips = 24;
    private const double OtherDevice = 1e-3;

    public IEnumerable<(string Name, Func<CancellationToken, string?> Check)> Checks() =>
        [
            ("shapes", _ => OnModel(Shapes)),
            ("same-seed-same-model", SameSeed),
            ("predictions-repeat", _ => OnModel(model => Doubt(model, new RandomModelCheck(), new TrainModeCheck()))),
            ("batch-invariant", _ => OnModel(model => Doubt(model, new BatchDependentCheck()))),
            ("gradient", _ => OnModel(Gradient)),
            ("double-precision", _ => OnModel(DoublePrecisionAgrees)),
            ("training-mode-returns", _ => OnModel(TrainingMode)),
            ("state-restores", StateRestores),
            ("cancellation", Cancellation),
            ("tensors-freed", _ => OnModel(model => Faults.OfLeak(() => Predict(model)))),
            ("device", _ => OtherDevices()),
        ];

    private Tensor Input(IModel model, int clips, Device? on = null) =>
        model.Input == Domain.Features
            ? SampleClips.Features(clips, device: on ?? device)
            : SampleClips.Waveforms(clips, device: on ?? device);

    private static ModelOutput Forward(IModel model, Tensor input)
    {
        using var guard = no_grad();
        return OfClips(model.Forward)(input);
    }

    // Of a model that predicts over time the mean, as hosts see it.
    private static Func<Tensor, ModelOutput> OfClips(Func<Tensor, ModelOutput> forward) =>
        input => CurveAlignment.None.Align(forward(input));

    private Tensor Predict(IModel model) => Forward(model, Input(model, Clips)).Emotion;

    private IModel Build(string seed = "1", Device? on = null)
    {
        var model = use.Create<IModel>();
        (model as IComposedModel)?.Compose([SampleNetwork.AsPart(), SampleNetwork.AsPart()]);
        Tensor input = Input(model, TrainingClips, on);
        model.Build(
            new ModelContext(
                SampleClips.Emotions,
                SampleClips.Concepts,
                input.shape[1..],
                on ?? device,
                RandomStream.For("conformance", "model", seed)
            )
            {
                SampleRate = SampleClips.SampleRate,
            }
        );
        if (model is IFittableModel fittable)
            fittable.Fit(Training(input, on), Training(input, on), CancellationToken.None);
        model.SetTraining(false);
        return model;
    }

    private LabelledClips Training(Tensor input, Device? on) =>
        new(
            input,
            SampleClips.Ratings(TrainingClips, SampleClips.Emotions, on ?? device),
            SampleClips.Ratings(TrainingClips, SampleClips.Concepts, on ?? device)
        );

    private string? OnModel(Func<IModel, string?> check)
    {
        using IModel model = Build();
        return check(model);
    }

    private string? Shapes(IModel model)
    {
        ModelOutput output = Forward(model, Input(model, Clips));
        return Faults.OfTensor("the output's Emotion", output.Emotion, Clips, SampleClips.Emotions.Count)
            ?? (
                output.Concepts is { } concepts
                    ? Faults.OfTensor("the output's Concepts", concepts, Clips, SampleClips.Concepts.Count)
                    : null
            )
            ?? (Forward(model, Input(model, 1)).Emotion.shape is [1, ..] ? null : "a batch of one clip loses its first dimension");
    }

    private string? SameSeed(CancellationToken cancel)
    {
        using IModel first = Build(),
            second = Build();
        return Faults.OfDistance(
            "two models built with the same random stream predict differently (draw all randomness from context.Random, or manual_seed "
                + "from it)",
            Predict(first),
            Predict(second),
            0
        );
    }

    private string? Doubt(IModel model, params IModelCheck[] checks)
    {
        Tensor input = Input(model, Clips);
        var evidence = new ModelEvidence
        {
            Scale = 1,
            GatherPredictions = () => PredictionEvidence.Gather(OfClips(model.Forward), model.State, input),
            GatherGradient = () => GradientEvidence.Gather(OfClips(model.Forward), input, RandomStream.For("conformance", "directions")),
        };
        return Examination.ExamineModel(evidence, checks).FirstOrDefault()?.Reason;
    }

    // What the host compares gradients with; without it differences in float32 have to do.
    private string? DoublePrecisionAgrees(IModel model)
    {
        const string Instead = "the host compares its gradient with differences of predictions in float32";
        if (model is not IDoublePrecision)
            throw new CheckSkippedException($"it offers no float64 (IDoublePrecision): {Instead}");
        using IModel? copy = DoublePrecision.Copy(model, () => Build());
        if (copy is null)
            throw new CheckSkippedException($"it does not convert to float64: {Instead}");
        Tensor input = Input(model, Clips);
        GradientProbe probe = GradientProbe.Near(input, SampleClips.Emotions.Count, RandomStream.For("conformance", "near"));
        if (ArithmeticEvidence.AskExact(OfClips(copy.Forward), probe) is null)
            throw new CheckSkippedException($"after ToDouble its prediction is no float64, so a layer of it names a format: {Instead}");
        return Arithmetic(model, copy, input);
    }

    private static string? Arithmetic(IModel model, IModel? copy, Tensor input)
    {
        using IFrozenModel? form = (model as IFreezable)?.Freeze(Precision.Fp32);
        var forms = new ModelForms(
            OfClips(model.Forward),
            OfClips(form is null ? model.Forward : form.Forward),
            copy is null ? null : OfClips(copy.Forward)
        );
        return Examination.ExamineArithmetic(forms, input, 1, RandomStream.For("conformance", "arithmetic")).FirstOrDefault()?.Reason;
    }

    private string? Gradient(IModel model)
    {
        if (Doubt(model, new NotDifferentiableCheck(), new SaturatedCheck()) is { } reason)
            return reason;
        return Arithmetic(model, null, Input(model, Clips));
    }

    private string? TrainingMode(IModel model)
    {
        Tensor before = Predict(model);
        model.SetTraining(true);
        model.SetTraining(false);
        return Faults.OfDistance("SetTraining(true) and back to false changes predictions", before, Predict(model), 0);
    }

    // How trained models are stored and read back.
    private string? StateRestores(CancellationToken cancel)
    {
        using IModel trained = Build("1"),
            fresh = Build("2");
        if (trained is IComposedModel && trained.State.Count == 0)
            throw new CheckSkippedException("the models that it is made of hold what is trained");
        if (trained.State.Count == 0)
            return "State is empty: a trained model could not be stored";
        using (no_grad())
        {
            foreach ((string name, Tensor value) in trained.State)
            {
                if (!fresh.State.TryGetValue(name, out Tensor? place))
                    return $"State of another instance has no '{name}'";
                place.copy_(value);
            }
        }

        return Faults.OfDistance(
            "a model does not predict as the one whose State was copied into it; State leaves something out",
            Predict(trained),
            Predict(fresh),
            1e-6
        );
    }

    private string? Cancellation(CancellationToken cancel)
    {
        if (use.Create<IModel>() is not IFittableModel model)
            throw new CheckSkippedException("the host trains this model, and cancels it");
        using (model)
        {
            Tensor input = Input(model, TrainingClips);
            model.Build(
                new ModelContext(
                    SampleClips.Emotions,
                    SampleClips.Concepts,
                    input.shape[1..],
                    device,
                    RandomStream.For("conformance", "model")
                )
                {
                    SampleRate = SampleClips.SampleRate,
                }
            );
            return Faults.OfCancellation(token => model.Fit(Training(input, null), Training(input, null), token));
        }
    }

    private string? OtherDevices()
    {
        if (!cuda.is_available())
            throw new CheckSkippedException("there is no GPU here");
        using IModel here = Build(on: CPU),
            there = Build(on: CUDA);
        ModelOutput output = Forward(there, Input(there, Clips, CUDA));
        if (output.Emotion.device_type != TorchSharp.DeviceType.CUDA)
            return "built for CUDA, it predicts on another device";
        using (no_grad())
        {
            foreach ((string name, Tensor value) in here.State)
                there.State[name].copy_(value);
        }

        return Faults.OfDistance(
            "CPU and GPU predict differently",
            Forward(here, Input(here, Clips, CPU)).Emotion,
            Forward(there, Input(there, Clips, CUDA)).Emotion.cpu(),
            OtherDevice
        );
    }
}
