using System.Security.Cryptography;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Torch;
using MerBench.Host.Training;
using static TorchSharp.torch;

namespace MerBench.TorchProbe;

/// <summary>
/// Trains the same small model again and again, while other threads collect garbage and four times as many threads as there are cores want
/// to
/// run. Writes one line a training, the SHA-256 of the weights: a number that the finalizer frees under a running call changes it, or ends
/// the
/// training.
/// </summary>
internal static class StressedTraining
{
    private static readonly TrainRecipe s_recipe = new(Epochs: 4, Batch: 8, LearningRate: 0.01, Patience: 4);

    public static void Repeat(int times)
    {
        using var stop = new CancellationTokenSource();
        Thread[] rivals = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(n => new Thread(() => Compete(n, stop.Token)))];
        foreach (Thread rival in rivals)
            rival.Start();
        using var torchThread = new TorchThread();
        try
        {
            for (int i = 0; i < times; i++)
                Console.WriteLine(torchThread.Run(Train, Timeout.InfiniteTimeSpan, CancellationToken.None));
        }
        finally
        {
            stop.Cancel();
            foreach (Thread rival in rivals)
                rival.Join();
        }
    }

    private static string Train(CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var model = new NumberRichModel();
        Trainer.Train(model, s_recipe, Clips(64), Clips(16), RandomStream.For("stress"), null, cancel);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, Tensor weights) in model.State.OrderBy(s => s.Key, StringComparer.Ordinal))
            hash.AppendData(weights.bytes);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // Rated by their mean and their maximum.
    private static LabelledClips Clips(int count)
    {
        Tensor input = rand(count, 1, 24, 16);
        return new LabelledClips(input, stack([input.mean([1, 2, 3]), input.amax([1, 2, 3])], 1), null);
    }

    private static void Compete(int number, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            for (int i = 0; i < 200; i++)
                GC.KeepAlive(new byte[20_000]);
            if (number % 2 == 0)
                GC.Collect(number % 4 / 2);
        }
    }
}
