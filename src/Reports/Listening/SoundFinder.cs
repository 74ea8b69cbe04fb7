using System.Globalization;
using System.Runtime.InteropServices;
using MerBench.Host.Cells;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Runs;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Reports.Listening;

/// <summary>
/// Turns perturbed inputs into sound. Waveforms are sound already; for features, audio is searched for once and kept in the store. Models
/// come from the store, and none is trained.
/// </summary>
internal sealed class SoundFinder(RunSession session, ModelProvider models)
{
    /// <summary>Gradient steps for perturbations that ask for none of their own.</summary>
    public const int Steps = 100;

    private const string Waveform = "waveform",
        Residual = "residual",
        Emotion = "emotion";

    /// <summary>Call on the torch thread.</summary>
    public FoundSound Find(PerturbedClip clip, CancellationToken cancel)
    {
        float[] clean = session.FindData(clip.Cell).For(clip.Cell.Model).Waveform(Split.Test, Place(clip), cancel);
        if (clip.Cell.Perturbation.Domain == Domain.Waveform)
            return Found(new Sound(SoundKind.Waveform, clean, Samples(clip.Input.Perturbed)), null, null);
        if (clip.Input.Realised is { } realised)
            return Found(
                new Sound(SoundKind.Resynthesis, clean, Samples(realised)),
                clip.Row.Realised?.Residual,
                clip.Row.Realised?.Prediction
            );
        IReadOnlyDictionary<string, StoredTensor> found = Resynthesise(clip, clean, cancel);
        return Found(
            new Sound(SoundKind.Resynthesis, clean, Samples(found[Waveform])),
            Samples(found[Residual])[0],
            found.TryGetValue(Emotion, out StoredTensor? emotion) ? Array.ConvertAll(Samples(emotion), e => (double)e) : null
        );

        FoundSound Found(Sound sound, double? residual, double[]? realised)
        {
            var gains = LevelMatch.Match(sound);
            using var scope = NewDisposeScope();
            return new FoundSound(
                sound,
                gains,
                residual,
                realised,
                Predict(clip.Cell, tensor(gains.Written(sound)).unsqueeze(0).to(session.Device.Device), cancel)
            );
        }
    }

    // Null where the model is gone: none is trained.
    private double[]? Predict(Cell cell, Tensor waveform, CancellationToken cancel)
    {
        if (!session.Plan.Definition.WithParts(cell.Model).All(m => models.IsTrained(m, session.Keys.Model(m, cell.Seed))))
            return null;
        string key = session.Keys.Model(cell.Model, cell.Seed);
        LoadedModel model = models.Get(cell.Model, cell.Seed, key, cell.Perturbation.On, cancel);
        return Array.ConvertAll(model.Predict(waveform, Domain.Waveform)[0].Emotion, e => (double)e);
    }

    private int Place(PerturbedClip clip) =>
        session.FindData(clip.Cell).Clips(Split.Test).Select((c, i) => (c.Id, i)).First(c => c.Id == clip.Input.Clip).i;

    private IReadOnlyDictionary<string, StoredTensor> Resynthesise(PerturbedClip clip, float[] clean, CancellationToken cancel)
    {
        int steps = clip.Cell.Perturbation.ResynthesisSteps ?? Steps;
        string key = ContentKey.Compute("resynthesis/1", clip.Key, clip.Input.Clip, steps.ToString(CultureInfo.InvariantCulture));
        if (session.Store.ReadResynthesis(key) is { } known)
            return known;
        using var scope = NewDisposeScope();
        (Tensor waveform, float[] residual) = Resynthesis.Find(
            session.FindData(clip.Cell).For(clip.Cell.Model),
            tensor(clean).unsqueeze(0).to(session.Device.Device),
            clip.Input.Perturbed.ToTensor().unsqueeze(0).to(session.Device.Device),
            steps,
            cancel
        );
        var found = new Dictionary<string, StoredTensor>(StringComparer.Ordinal)
        {
            [Waveform] = StoredTensor.From(waveform[0]),
            [Residual] = StoredTensor.From(tensor(residual)),
        };
        if (Predict(clip.Cell, waveform, cancel) is { } emotion)
            found[Emotion] = StoredTensor.From(tensor(Array.ConvertAll(emotion, e => (float)e)));
        session.Store.WriteResynthesis(key, found);
        return found;
    }

    private static float[] Samples(StoredTensor values) => MemoryMarshal.Cast<byte, float>(values.Data.Span).ToArray();
}

/// <summary>A clip as sound, with what came of the search for it.</summary>
/// <param name="Residual">Distance left between the features of the audio and the perturbed ones, as a share of the perturbation; null for
/// waveforms.</param>
/// <param name="Realised">What the model predicts for the audio that was found; null for waveforms, or where the model is gone.</param>
/// <param name="Written">What it predicts for the perturbed sound as 16-bit files hold it; null where it is gone.</param>
internal sealed record FoundSound(Sound Sound, LevelMatch Gains, double? Residual, double[]? Realised, double[]? Written);
