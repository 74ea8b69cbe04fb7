using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace MerBench;

public abstract partial class Objective
{
    /// <summary>What joins an objective to the part of a curve that it is about: <c>mse @ peak</c>.</summary>
    private const char At = '@';

    /// <summary>The ways in which an objective may look at predictions over time, as they are written behind its name.</summary>
    public static IReadOnlyList<string> Views { get; } = ["frames", "peak", "N s"];

    /// <summary>Whether it looks at predictions over time, and so needs a dataset with ratings over time.</summary>
    public virtual bool IsOverTime => false;

    private static Objective ParseOverTime(string text, LabelSpace emotions)
    {
        int at = text.LastIndexOf(At);
        Objective inner = Parse(text[..at], emotions);
        if (inner.IsOverTime)
            throw new FormatException($"'{text}': {inner.Name} looks at all moments, and takes no '{At}'.");
        string view = text[(at + 1)..].Trim();
        if (view == "frames")
            return new OverFrames(inner);
        if (view == "peak")
            return new AtPeak(inner);
        if (
            MomentPattern().Match(view) is { Success: true } moment
            && double.TryParse(moment.Groups["seconds"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
        )
            return new AtMoment(inner, seconds);
        throw new FormatException(
            $"'{view}' is no part of a curve: expected frames (the mean over moments), peak (the moment of the largest value), or a time "
                + $"in the excerpt such as '{inner.Name} @ 3 s'."
        );
    }

    [GeneratedRegex(@"^(?<seconds>\d+(\.\d+)?)\s*s$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MomentPattern();

    private static CurveReference RequireCurve(ClipReference reference, string name) =>
        reference.Curve
        ?? throw new PluginUserException($"The objective '{name}' needs a dataset that rates emotions over time, and this one does not.");

    private static Tensor RequireCurve(ModelOutput output) =>
        output.Curve ?? throw new PluginUserException("The model's predictions over time are not known here.");

    /// <summary>An objective at each moment of a curve, as if each were a clip.</summary>
    private abstract class AtMoments(Objective inner, string view, string description)
        : Objective($"{inner.Name} {At} {view}", $"{inner.Description} {description}")
    {
        public override bool IsOverTime => true;

        public override bool NeedsClean => inner.NeedsClean;

        public override Tensor Value(ModelOutput output, ClipReference reference) => Measure(output, reference, inner.Value);

        public override Tensor Shift(ModelOutput output, ClipReference reference) => Measure(output, reference, inner.Shift);

        // From values at moments [B, K] to one a clip; moments that nobody rated count in none.
        protected abstract Tensor Gather(Tensor values, Tensor isRated, RatedMoments moments);

        private Tensor Measure(ModelOutput output, ClipReference reference, Func<ModelOutput, ClipReference, Tensor> measure)
        {
            CurveReference curve = RequireCurve(reference, Name);
            Tensor predicted = RequireCurve(output);
            Tensor unrated = curve.Ratings.isnan();
            // Nobody is wrong where nobody rated.
            Tensor rated = where(unrated, predicted.detach(), curve.Ratings);
            var moments = new ClipReference(Flatten(rated))
            {
                Clean = reference.Clean is { } clean ? new ModelOutput(Flatten(RequireCurve(clean)), Repeat(clean.Concepts)) : null,
                Tolerance = Repeat(reference.Tolerance),
            };
            Tensor values = measure(new ModelOutput(Flatten(predicted), Repeat(output.Concepts)), moments);
            return Gather(values.view(predicted.shape[0], predicted.shape[1]), unrated.logical_not().any(2), curve.Moments);

            Tensor? Repeat(Tensor? ofClips) => ofClips?.repeat_interleave(predicted.shape[1], 0);
        }

        private static Tensor Flatten(Tensor curve) => curve.reshape(curve.shape[0] * curve.shape[1], curve.shape[2]);
    }

    private sealed class OverFrames(Objective inner) : AtMoments(inner, "frames", "at each moment, their mean")
    {
        protected override Tensor Gather(Tensor values, Tensor isRated, RatedMoments moments)
        {
            Tensor weights = isRated.to(values.dtype);
            return (values * weights).sum(1) / weights.sum(1).clamp_min(1);
        }
    }

    private sealed class AtPeak(Objective inner) : AtMoments(inner, "peak", "at the moment where it is largest")
    {
        protected override Tensor Gather(Tensor values, Tensor isRated, RatedMoments moments) =>
            values.masked_fill(isRated.logical_not(), double.NegativeInfinity).amax([1]);
    }

    private sealed class AtMoment(Objective inner, double seconds)
        : AtMoments(inner, $"{seconds.ToString(CultureInfo.InvariantCulture)} s", "at one moment")
    {
        protected override Tensor Gather(Tensor values, Tensor isRated, RatedMoments moments) => values.select(1, moments.Nearest(seconds));
    }

    private sealed class FromChanges() : Objective("changes", "the change of how emotions move from moment to moment")
    {
        public override bool IsOverTime => true;

        public override bool NeedsClean => true;

        public override Tensor Value(ModelOutput output, ClipReference reference) => ChangeOfSteps(output, reference).square().mean([1, 2]);

        public override Tensor Shift(ModelOutput output, ClipReference reference) =>
            (ChangeOfSteps(output, reference).abs() / reference.RequireTolerance().unsqueeze(1)).amax([1, 2]);

        private Tensor ChangeOfSteps(ModelOutput output, ClipReference reference)
        {
            RequireCurve(reference, Name);
            return Steps(RequireCurve(output)) - Steps(RequireCurve(reference.RequireClean()));
        }

        private static Tensor Steps(Tensor curve) => curve.narrow(1, 1, curve.shape[1] - 1) - curve.narrow(1, 0, curve.shape[1] - 1);
    }
}
