using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.TorchProbe;

/// <summary>
/// A small network whose calls take hundreds of numbers, each of them an object that a collection can finalize. It complains on standard
/// error
/// when any finalizer runs meanwhile, whether or not that hits a number in use.
/// </summary>
internal sealed class NumberRichModel : ITrainableModel
{
    private const int Terms = 100;
    private static volatile bool s_isPredicting;
    private static int s_complaints;
    private readonly Sequential _network = nn.Sequential(
        ("convolution", nn.Conv2d(1, 8, kernel_size: 3, stride: 2)),
        ("relu", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("linear", nn.Linear(8 * 11 * 7, 2))
    );

    public Domain Input => Domain.Features;

    public IEnumerable<Parameter> Parameters => _network.parameters();

    public IReadOnlyDictionary<string, Tensor> State => _network.state_dict();

    public void Build(ModelContext context) { }

    public ModelOutput Forward(Tensor input)
    {
        s_isPredicting = true;
        Tensor x = input;
        for (int i = 1; i <= Terms; i++)
        {
            GC.KeepAlive(new Witness());
            x = (x * (1 + (0.01 / i))) + (0.001 * i) - (0.001 * i);
        }

        var output = new ModelOutput(_network.call(x));
        s_isPredicting = false;
        return output;
    }

    public void SetTraining(bool training) => _network.train(training);

    public void Dispose() => _network.Dispose();

    private sealed class Witness
    {
#pragma warning disable MA0055 // The finalizer is the witness.
        ~Witness()
        {
            if (!s_isPredicting || Interlocked.Increment(ref s_complaints) > 1)
                return;
            Console.Error.WriteLine("A finalizer ran during a prediction.");
        }
#pragma warning restore MA0055
    }
}
