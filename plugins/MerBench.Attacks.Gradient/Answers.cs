using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>What the model answers at a point: the objective <c>[B]</c>, its gradient <c>[B, ...]</c>, the emotions <c>[B,
/// E]</c>.</summary>
internal readonly record struct Answer(Tensor Value, Tensor Gradient, Tensor Emotion);

/// <summary>
/// Asks the model for values and gradients, and asks nothing twice: a clip that is, to the last bit, where it was in one of the last few
/// calls gets the answer of then. So a clip that rests, in a corner of the ball or
/// where its gradient is zero, or that goes back and forth across a kink, leaves the batch for as long as it does, and its path is what it
/// would have been. Its tensors belong to the dispose scope in which it was
/// made, and are written in place.
/// </summary>
/// <param name="context">Of which it asks.</param>
internal sealed class Answers(AttackContext context)
{
    private const int Remembered = 4,
        Ask = -1,
        Ended = -2;

    // Each question which clips were here before waits for the device, which costs a GPU some of its time; where one was, others are
    // likely.
    private readonly int _callsBetweenQuestions = context.Input.device_type == DeviceType.CUDA ? 10 : 1;

    private readonly (Tensor Point, Answer Answer)[] _memory =
    [
        .. Enumerable
            .Range(0, Remembered)
            .Select(_ =>
                (
                    zeros_like(context.Input),
                    new Answer(
                        zeros(context.Input.shape[0], device: context.Input.device),
                        zeros_like(context.Input),
                        zeros_like(context.Targets)
                    )
                )
            ),
    ];

    private int _calls;
    private bool _spares;

    /// <summary>Off to compare with.</summary>
    public bool AreRemembered { get; init; } = true;

    /// <summary>Whether every clip had ended when that was last looked at.</summary>
    public bool AllHaveEnded { get; private set; }

    /// <summary>As <see cref="AttackContext.DifferentiateAndPredict"/>, for all clips.</summary>
    /// <param name="point">Inputs <c>[B, ...]</c>.</param>
    /// <param name="ended">Clips <c>[B]</c> that are asked about no more: their values and emotions are not numbers, their gradients are
    /// zero.</param>
    public Answer To(Tensor point, Tensor? ended = null)
    {
        using var scope = NewDisposeScope();
        int[]? sources = _spares || _calls % _callsBetweenQuestions == 0 ? Sources(point, ended) : null;
        _spares = sources is not null && Array.Exists(sources, s => s != Ask);
        AllHaveEnded = sources is not null && Array.TrueForAll(sources, s => s == Ended);
        Answer answer = _spares ? Gather(point, sources!) : AskFor(point, null);
        if (ended is not null)
            answer = new Answer(
                answer.Value.masked_fill(ended, double.NaN),
                answer.Gradient.masked_fill(PerClip.Column(ended, point), 0),
                answer.Emotion.masked_fill(ended.unsqueeze(1), double.NaN)
            );
        if (AreRemembered)
            Remember(point, answer);
        _calls++;
        return new Answer(
            answer.Value.MoveToOuterDisposeScope(),
            answer.Gradient.MoveToOuterDisposeScope(),
            answer.Emotion.MoveToOuterDisposeScope()
        );
    }

    // For each clip the place in memory of its answer, or that the model is to be asked, or that it has ended.
    private int[] Sources(Tensor point, Tensor? ended)
    {
        Tensor source = full(point.shape[0], Ask, ScalarType.Int32, point.device);
        for (int i = 0; AreRemembered && i < Math.Min(_calls, Remembered); i++)
            source.masked_fill_(AreTheSame(point, _memory[i].Point), i);
        if (ended is not null)
            source.masked_fill_(ended, Ended);
        return source.cpu().data<int>().ToArray();
    }

    // 0 and -0 are equal numbers, and not the same point.
    private static Tensor AreTheSame(Tensor point, Tensor other) =>
        point.eq(other).logical_and(point.signbit().eq(other.signbit())).flatten(1).all(1);

    private Answer Gather(Tensor point, int[] sources)
    {
        var all = new Answer(
            full(point.shape[0], double.NaN, point.dtype, point.device),
            zeros_like(point),
            full_like(context.Targets, double.NaN)
        );
        foreach (IGrouping<int, int> clips in Enumerable.Range(0, sources.Length).Where(i => sources[i] != Ended).GroupBy(i => sources[i]))
        {
            int[] rows = [.. clips];
            Tensor index = tensor(Array.ConvertAll(rows, r => (long)r), device: point.device);
            Answer some = clips.Key == Ask ? AskFor(point.index_select(0, index), rows) : Recall(_memory[clips.Key].Answer, index, rows);
            all.Value.index_copy_(0, index, some.Value);
            all.Gradient.index_copy_(0, index, some.Gradient);
            all.Emotion.index_copy_(0, index, some.Emotion);
        }

        return all;
    }

    private Answer AskFor(Tensor point, int[]? rows)
    {
        (Tensor value, Tensor gradient, ModelOutput output) = context.DifferentiateAndPredict(point, rows);
        return new Answer(value, gradient, output.Emotion);
    }

    private Answer Recall(Answer answer, Tensor index, int[] rows)
    {
        var some = new Answer(
            answer.Value.index_select(0, index),
            answer.Gradient.index_select(0, index),
            answer.Emotion.index_select(0, index)
        );
        context.Recall(some.Value, some.Gradient, rows);
        return some;
    }

    private void Remember(Tensor point, Answer answer)
    {
        (Tensor oldest, Answer known) = _memory[_calls % Remembered];
        oldest.copy_(point);
        known.Value.copy_(answer.Value);
        known.Gradient.copy_(answer.Gradient);
        known.Emotion.copy_(answer.Emotion);
    }
}
