using System.Diagnostics;
using System.Globalization;
using MerBench.Attacks.Gradient;
using MerBench.Host.Arithmetic;
using MerBench.Host.Torch;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>This program again, in a process with one of the settings that the self-test of arithmetic may choose; it waits for its
/// turn.</summary>
internal sealed class SettingProcess : IDisposable
{
    public const string Verb = "setting";

    private const int ClipsOfTraining = 8;
    private readonly Process _process;

    private SettingProcess(Process process, string name) => (_process, Name) = (process, name);

    /// <summary>The setting.</summary>
    public string Name { get; }

    public static SettingProcess Start(ArithmeticSetting setting, HarnessOptions options)
    {
        string[] itself = [typeof(SettingProcess).Assembly.Location, Verb, options.Threads.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet", itself)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in setting.Variables)
            start.Environment[name] = value;
        return new SettingProcess(Process.Start(start)!, setting.Name);
    }

    /// <summary>Milliseconds a clip of what is named: <c>training</c>, <c>model</c> or <c>form</c>.</summary>
    public double Measure(string what, int steps, int batch)
    {
        _process.StandardInput.WriteLine(FormattableString.Invariant($"{what} {steps} {batch}"));
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The process for '{Name}' ended.");
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    /// <summary>Answers what it is asked, a line each, until there is nothing more to read.</summary>
    public static void Answer(int threads)
    {
        TorchBackend.Select(null).EnsureLoaded();
        set_num_threads(threads);
        using VggModel model = PaperNetwork.Create();
        using VggModel fixedWeights = PaperNetwork.Create();
        PaperNetwork.Freeze(fixedWeights);
        using IFrozenModel form = fixedWeights.Freeze(Precision.Fp32);
        using var adam = optim.Adam(model.Parameters);
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int steps = int.Parse(words[1], CultureInfo.InvariantCulture);
            int batch = int.Parse(words[2], CultureInfo.InvariantCulture);
            double milliseconds =
                words[0] == "training"
                    ? Train(model, adam, steps) / steps / ClipsOfTraining
                    : Attack(words[0] == "form" ? form.Forward : fixedWeights.Forward, steps, batch) / steps / batch;
            Console.Out.WriteLine(milliseconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static double Train(VggModel model, optim.Optimizer adam, int steps)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor input = randn(ClipsOfTraining, PaperNetwork.Frames, PaperNetwork.Bands);
        Tensor ratings = rand(ClipsOfTraining, PaperNetwork.Emotions);
        model.SetTraining(true);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
        {
            using var step = NewDisposeScope();
            adam.zero_grad();
            nn.functional.mse_loss(model.Forward(input).Emotion, ratings).backward();
            adam.step();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Attack(Func<Tensor, ModelOutput> forward, int steps, int batch)
    {
        using var scope = NewDisposeScope();
        using AttackContext context = PaperNetwork.Context(forward, batch);
        long start = Stopwatch.GetTimestamp();
        new AdamSign(new AdamSignOptions(Steps: steps)).Perturb(context, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
