using System.Diagnostics;
using System.Globalization;
using System.Text;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>
/// Finds how many clips a batch are attacked fastest, where a benchmark does not say: one gradient in batches of 1, 2, 4, ... of test
/// clips, until larger ones are slower or need too much memory. Remembered in the
/// store for each device and kind of model. Results do not depend on it.
/// </summary>
internal sealed class BatchProbe(ResultStore store, TorchDevice device, Action<RunEvent> tell)
{
    // Where predicting all test clips costs less, no batch saves what looking for it would take.
    private const double LeastFlops = 50e9;

    private const int Largest = 64;
    private const double WorthIt = 0.97,
        Slower = 1.15,
        ShareOfMemory = 0.25;

    private readonly FileEntries _entries = new(store.Folder, EntryKind.Batches);
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>Clips a batch for attacks on a model.</summary>
    /// <param name="standard">What is taken where it does not matter.</param>
    public int Choose(LoadedModel model, Domain domain, int standard, CancellationToken cancel)
    {
        if (model.ForwardFlops is not { } flops || flops * model.Data.Clips(Split.Test).Count < LeastFlops)
            return standard;
        string key = KeyOf(model, domain, flops);
        if (_known.TryGetValue(key, out int known))
            return known;
        int? remembered = _entries.Read(key, old => ReadBatch(old) is null ? null : old) is { Span: var kept } ? ReadBatch(kept) : null;
        known = remembered ?? Probe(model, domain, cancel);
        if (remembered is null)
            _entries.Write(key, Encoding.UTF8.GetBytes(known.ToString(CultureInfo.InvariantCulture)));

        tell(new RunEvent.BatchChosen(model.Plugin, known, IsRemembered: remembered is not null));
        return _known[key] = known;
    }

    private static int? ReadBatch(ReadOnlySpan<byte> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) && batch is > 0 and <= Largest ? batch : null;

    private int Probe(LoadedModel model, Domain domain, CancellationToken cancel)
    {
        LabelledClips clips = model.Data.Inputs(Split.Test, domain, cancel);
        Func<Tensor, ModelOutput> map = model.FromFrozen(domain, model.Precision);
        long memoryBefore = PeakMemory();
        (int best, double seconds) = (1, double.PositiveInfinity);
        for (int batch = 1; batch <= Math.Min(Largest, clips.Count); batch *= 2)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                double aClip = Math.Min(Gradient(batch), Gradient(batch)) / batch;
                if (aClip < WorthIt * seconds)
                    (best, seconds) = (batch, aClip);
                else if (aClip > Slower * seconds)
                    break;
            }
            catch (Exception e) when (OutOfMemory.Is(e))
            {
                break;
            }

            // The next one takes about twice as much.
            if (2 * (PeakMemory() - memoryBefore) > ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
                break;
        }

        return best;

        double Gradient(int batch)
        {
            using var scope = NewDisposeScope();
            Tensor input = Lent.Copy(clips.Input[..batch].to(device.Device)).detach().requires_grad_();
            long start = Stopwatch.GetTimestamp();
            Tensor sum = map(input).Emotion.sum();
            // To the host, so that a GPU's work is waited for.
            if (sum.requires_grad)
                autograd.grad([sum], [input])[0].sum().cpu();
            else
                sum.cpu();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private string KeyOf(LoadedModel model, Domain domain, double flops) =>
        ContentKey.Compute(
            "batch/1",
            Processor.Name,
            device.Name,
            device.Threads.ToString(CultureInfo.InvariantCulture),
            model.Plugin,
            flops.ToString("R", CultureInfo.InvariantCulture),
            model.Precision.ToString(),
            domain.ToString(),
            string.Join('x', model.Data.FeatureShape),
            model.Data.WaveformLength.ToString(CultureInfo.InvariantCulture)
        );

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
