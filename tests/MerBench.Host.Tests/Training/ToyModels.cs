using MerBench.Host.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>One linear layer, optionally with dropout before it and with its last outputs named concepts.</summary>
internal sealed class ToyModel(double dropout, int concepts) : ITrainableModel
{
    private readonly Linear _layer = nn.Linear(6, 3 + concepts);
    private readonly Dropout _dropout = nn.Dropout(dropout);

    public static ToyModel Built(double dropout = 0, int concepts = 0)
    {
        manual_seed(3);
        var model = new ToyModel(dropout, concepts);
        model.SetTraining(false);
        return model;
    }

    public bool IsTraining => _dropout.training;

    public Domain Input => Domain.Features;

    public IEnumerable<Parameter> Parameters => _layer.parameters();

    public IReadOnlyDictionary<string, Tensor> State => _layer.state_dict();

    public void Build(ModelContext context) { }

    public ModelOutput Forward(Tensor input)
    {
        Tensor all = _layer.call(_dropout.call(input));
        return new ModelOutput(all[.., ..3], concepts > 0 ? all[.., 3..] : null);
    }

    public void SetTraining(bool training) => _dropout.train(training);

    public void Dispose()
    {
        _layer.Dispose();
        _dropout.Dispose();
    }
}

/// <summary>Predicts the training clips' mean.</summary>
internal sealed class MeanModel : IFittableModel
{
    private readonly Tensor _mean = zeros(3).DetachFromDisposeScope();

    public Domain Input => Domain.Features;

    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["mean"] = _mean };

    public void Build(ModelContext context) { }

    public void Fit(LabelledClips training, LabelledClips validation, CancellationToken cancel) => _mean.copy_(training.Emotion.mean([0]));

    public ModelOutput Forward(Tensor input) => new(_mean.expand(input.shape[0], 3));

    public void SetTraining(bool training) { }

    public void Dispose() => _mean.Dispose();
}

/// <summary>Clips whose emotions are a noisy linear function of their features.</summary>
internal static class ToyClips
{
    public static LabelledClips Linear(int seed, int count)
    {
        manual_seed(7);
        Tensor map = randn(6, 3);
        manual_seed(seed);
        Tensor input = randn(count, 6);
        return new LabelledClips(input, input.mm(map) + (0.05 * randn(count, 3)), null);
    }
}

/// <summary>Reports on the thread that makes progress.</summary>
internal sealed class Immediately(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}
