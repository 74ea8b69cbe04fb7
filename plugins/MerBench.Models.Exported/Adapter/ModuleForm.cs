using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>How a module is asked for clips.</summary>
/// <param name="Layout">The order of its input.</param>
/// <param name="Channels">Copies of a clip in its input.</param>
/// <param name="ClipByClip">True where it takes one clip at a time.</param>
internal sealed record ModuleForm(InputLayout Layout, int Channels = 1, bool ClipByClip = false)
{
    /// <summary>To the module's own rate; null where clips have it.</summary>
    public Resampler? Resampler { get; init; }

    /// <summary>To the length that it takes; null where it takes any.</summary>
    public ClipWindows? Windows { get; init; }

    /// <summary>Clips <c>[B, N]</c> or <c>[B, T, F]</c> as the module takes them; windows of a clip stand in a row, or in an axis of their
    /// own.</summary>
    public Tensor Prepare(Tensor clips)
    {
        Tensor own = Resampler?.Resample(clips) ?? clips;
        Tensor arranged = Layout.Arrange(Windows?.Cut(own) ?? own, Channels);
        return Layout.HasWindows() ? arranged.unflatten(0, [clips.shape[0], -1]) : arranged;
    }

    /// <summary>What the module predicts for clips <c>[B, N]</c> or <c>[B, T, F]</c>; of windows the mean, or one after the other where
    /// they answer over time.</summary>
    public ModelOutput Ask(Func<Tensor, NamedOutputs> module, IAnswerReader reader, Tensor clips)
    {
        Tensor input = Prepare(clips);
        ModelOutput answers = ClipByClip
            ? Join([.. input.split(1).Select(one => Read(module(one), reader, one))])
            : Read(module(input), reader, input);
        return answers.Emotion.shape[0] == clips.shape[0]
            ? answers
            : answers.Map(t => AnswersOverTime.Join(t, clips.shape[0], Tile(clips.shape[1])));
    }

    // What takes the windows of a clip together answers for the clip, or [B, S, ...] for each window.
    private ModelOutput Read(NamedOutputs outputs, IAnswerReader reader, Tensor input)
    {
        long[] rows = input.shape[..2];
        return Layout.HasWindows() && outputs.Tensors.All(t => t.dim() > 2 && t.shape[..2].SequenceEqual(rows))
            ? reader.Read(outputs with { Tensors = [.. outputs.Tensors.Select(t => t.flatten(0, 1))] }, rows[0] * rows[1])
            : reader.Read(outputs, rows[0]);
    }

    private static ModelOutput Join(ModelOutput[] answers) =>
        new(cat([.. answers.Select(a => a.Emotion)]), answers[0].Concepts is null ? null : cat([.. answers.Select(a => a.Concepts!)]));

    private bool Tile(long clip) => Windows is { Overlap: 0 } windows && (Resampler?.Length(clip) ?? clip) % windows.Length == 0;
}
