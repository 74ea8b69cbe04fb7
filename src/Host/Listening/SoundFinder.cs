using System.Globalization;
using System.Runtime.InteropServices;
using MerBench.Host.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Execution;
using MerBench.Host.Results;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Host.Listening;

/// <summary>
/// Turns perturbed inputs into sound. Waveforms are sound already; for features, audio is searched for once and kept in the store. Models come from the store, and none is trained.
/// </summary>
internal sealed class SoundFinder(PreparedDataset data, ResultStore store, RunKeys keys, Device device, ModelProvider models)
{
    /// <summary>Gradient steps for perturbations that ask for none of their own.</summary>
    public const int Steps = 100;

    private const string Waveform = "waveform", Residual = "residual", Emotion = "emotion";

    /// <summary>Call on the torch thread.</summary>
    public FoundSound Find(PerturbedClip clip, CancellationToken cancel)
    {
        float[] clean = data.Waveform(Split.Test, Place(clip.Input.Clip), cancel);
        if (clip.Cell.Perturbation.Domain == Domain.Waveform) return new FoundSound(new Sound(SoundKind.Waveform, clean, Samples(clip.Input.Perturbed)), null, null);
        if (clip.Input.Realised is { } realised) return new FoundSound(new Sound(SoundKind.Resynthesis, clean, Samples(realised)), clip.Numbers.Residual, clip.Numbers.Realised);
        IReadOnlyDictionary<string, StoredTensor> found = Resynthesise(clip, clean, cancel);
        return new FoundSound(
            new Sound(SoundKind.Resynthesis, clean, Samples(found[Waveform])), Samples(found[Residual])[0],
            found.TryGetValue(Emotion, out StoredTensor? emotion) ? Array.ConvertAll(Samples(emotion), e => (double)e) : null);
    }

    private int Place(string clip) => data.Clips(Split.Test).Select((c, i) => (c.Id, i)).First(c => c.Id == clip).i;

    private IReadOnlyDictionary<string, StoredTensor> Resynthesise(PerturbedClip clip, float[] clean, CancellationToken cancel)
    {
        int steps = clip.Cell.Perturbation.ResynthesisSteps ?? Steps;
        string path = store.PathOfResynthesis(ContentKey.Of("resynthesis/1", clip.Key, clip.Input.Clip, steps.ToString(CultureInfo.InvariantCulture)));
        if (File.Exists(path)) return SafetensorsFile.Read(path).Tensors;
        using var scope = NewDisposeScope();
        (Tensor waveform, float[] residual) = Resynthesis.Find(data, tensor(clean).unsqueeze(0).to(device), clip.Input.Perturbed.ToTensor().unsqueeze(0).to(device), steps, cancel);
        var found = new Dictionary<string, StoredTensor>(StringComparer.Ordinal) { [Waveform] = StoredTensor.From(waveform[0]), [Residual] = StoredTensor.From(tensor(residual)) };
        ModelDefinition model = clip.Cell.Model;
        if (keys.Model(model, clip.Cell.Seed) is var key && models.IsTrained(model, key))
            found[Emotion] = StoredTensor.From(tensor(models.Get(model, clip.Cell.Seed, key, cancel).Predict(waveform, Domain.Waveform)[0].Emotion));
        SafetensorsFile.Write(path, found);
        return found;
    }

    private static float[] Samples(StoredTensor values) => MemoryMarshal.Cast<byte, float>(values.Data.Span).ToArray();
}

/// <summary>A clip as sound, with what came of the search for it.</summary>
/// <param name="Residual">Distance left between the features of the audio and the perturbed ones, as a share of the perturbation; null for waveforms.</param>
/// <param name="Realised">What the model predicts for the audio that was found; null for waveforms, or where the model is gone.</param>
internal sealed record FoundSound(Sound Sound, double? Residual, double[]? Realised);
