using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace MerBench;

/// <summary>What an attack maximises, as a differentiable value for each clip.</summary>
public abstract partial class Objective
{
    private const double Epsilon = 1e-12;

    private Objective(string name, string description) => (Name, Description) = (name, description);

    /// <summary>The objective as written in YAML.</summary>
    public string Name { get; }

    /// <summary>What is maximised, within a sentence, such as <c>the mean squared error</c>.</summary>
    public string Description { get; }

    /// <summary>Whether it compares with the clean prediction; its gradient may then vanish at the clean input, and attacks should start
    /// beside it.</summary>
    public virtual bool NeedsClean => false;

    /// <summary>Mean squared error over the emotions of a clip.</summary>
    public static Objective Mse { get; } = new FromError("mse", "the mean squared error", static (p, t) => (p - t).square().mean([1]));

    /// <summary>Mean absolute error over the emotions of a clip.</summary>
    public static Objective Mae { get; } = new FromError("mae", "the mean absolute error", static (p, t) => (p - t).abs().mean([1]));

    /// <summary>Negative Pearson correlation over the emotions of a clip.</summary>
    public static Objective Pearson { get; } =
        new FromError(
            "pearson",
            "the negative Pearson correlation of a clip's emotions",
            static (p, t) =>
            {
                Tensor x = p - p.mean([1], keepdim: true),
                    y = t - t.mean([1], keepdim: true);
                return -(x * y).sum(1) / ((x.square().sum(1) * y.square().sum(1)) + Epsilon).sqrt();
            }
        );

    /// <summary>Negative concordance correlation (Lin 1989) over the emotions of a clip.</summary>
    public static Objective Ccc { get; } =
        new FromError(
            "ccc",
            "the negative concordance correlation of a clip's emotions",
            static (p, t) =>
            {
                Tensor mp = p.mean([1], keepdim: true),
                    mt = t.mean([1], keepdim: true);
                Tensor covariance = ((p - mp) * (t - mt)).mean([1]);
                Tensor scale = (p - mp).square().mean([1]) + (t - mt).square().mean([1]) + (mp - mt).square().squeeze(1);
                return -2 * covariance / (scale + Epsilon);
            }
        );

    /// <summary>The largest change of any emotion, up or down, in multiples of its tolerance.</summary>
    public static Objective Any { get; } = new FromShift("any", "the largest change of any emotion", static d => d.abs().amax([1]));

    /// <summary>The largest rise of any emotion, in multiples of its tolerance.</summary>
    public static Objective AnyUp { get; } = new FromShift("any-up", "the largest rise of any emotion", static d => d.amax([1]));

    /// <summary>The largest fall of any emotion, in multiples of its tolerance.</summary>
    public static Objective AnyDown { get; } = new FromShift("any-down", "the largest fall of any emotion", static d => (-d).amax([1]));

    /// <summary>Moves concepts and keeps emotions: mean squared change of the concepts minus that of the emotions. For models that predict
    /// concepts.</summary>
    public static Objective Concepts { get; } =
        new FromBottleneck("concepts", "the change of the concepts minus that of the emotions", movesConcepts: true);

    /// <summary>Moves emotions and keeps concepts: mean squared change of the emotions minus that of the concepts. For models that predict
    /// concepts.</summary>
    public static Objective EmotionOnly { get; } =
        new FromBottleneck("emotion-only", "the change of the emotions minus that of the concepts", movesConcepts: false);

    /// <summary>Moves the moments at which emotions change: mean squared difference between the changes from moment to moment, perturbed
    /// and clean.</summary>
    public static Objective Changes { get; } = new FromChanges();

    // Those that are the same for all emotions.
    private static IReadOnlyList<Objective> Fixed { get; } = [Mse, Mae, Pearson, Ccc, Any, AnyUp, AnyDown, Concepts, EmotionOnly, Changes];

    /// <summary>The names of all objectives that are not directions.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Mse.Name,
        Mae.Name,
        Pearson.Name,
        Ccc.Name,
        Any.Name,
        AnyUp.Name,
        AnyDown.Name,
        Quadrant.ObjectiveName,
        Concepts.Name,
        EmotionOnly.Name,
        Changes.Name,
    ];

    /// <summary>The <see cref="Description"/> of an objective by its name alone, whatever the emotions; others than <see cref="Names"/> are
    /// directions.</summary>
    /// <param name="name">The objective as written in YAML.</param>
    public static string Describe(string name) =>
        name.Split(At) is [var inner, var view] ? $"{Describe(inner.Trim())} at {view.Trim()} of the curve"
        : name == Quadrant.ObjectiveName ? Quadrant.ObjectiveDescription
        : Fixed.FirstOrDefault(o => o.Name == name)?.Description ?? $"the direction {name}";

    /// <summary>The <see cref="Shift"/> of another objective as an objective of its own, for attacks that look for the smallest change that
    /// succeeds.</summary>
    /// <param name="objective">The other one.</param>
    public static Objective ShiftOf(Objective objective) => new FromShiftOf(objective);

    /// <summary>A weighted sum of emotions.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="weights">One weight an emotion.</param>
    public static Objective Weighted(string name, IReadOnlyList<float> weights) => new Direction(name, [.. weights]);

    /// <summary>
    /// Reads an objective: one of <see cref="Names"/>, or a direction such as <c>+valence -arousal</c>, which maximises the signed sum of
    /// the named
    /// emotions. <c>quadrant</c> leaves the quadrant of the rating in the plane of valence and arousal (or energy): it maximises the
    /// greater of the two
    /// signed distances beyond the middle of the scale, which is above 0 outside of the quadrant. Any of them but <c>changes</c> may be
    /// taken over time, <c>mse @ frames</c>, <c>mse @ peak</c> or <c>+valence @ 3 s</c>: the mean over moments, the largest, or one.
    /// </summary>
    /// <param name="text">The objective as written in YAML.</param>
    /// <param name="emotions">The dataset's emotions.</param>
    /// <exception cref="FormatException">The text is neither, or the dataset lacks the emotions; the message lists what is.</exception>
    public static Objective Parse(string text, LabelSpace emotions)
    {
        string name = text.Trim();
        if (name.Contains(At, StringComparison.Ordinal))
            return ParseOverTime(name, emotions);
        Objective? known = Fixed.FirstOrDefault(o => o.Name == name);
        if (known is not null)
            return known;
        if (name == Quadrant.ObjectiveName)
            return Quadrant.Find(emotions);
        if (!DirectionPattern().IsMatch(name))
            throw new FormatException(
                $"'{text}' is not an objective: expected {string.Join(", ", Names)}, or a direction such as '+{emotions.Names[0]}'."
            );
        var signs = new float[emotions.Count];
        foreach (Match term in TermPattern().Matches(name))
        {
            int index = emotions.IndexOf(term.Groups["emotion"].Value);
            if (index < 0)
                throw new FormatException(
                    $"'{term.Groups["emotion"].Value}' is not an emotion of this dataset: {string.Join(", ", emotions.Names)}."
                );
            signs[index] += term.Groups["sign"].Value == "+" ? 1 : -1;
        }

        return new Direction(name, signs);
    }

    /// <summary>The value to maximise, a clip.</summary>
    /// <param name="output">The model's output for <c>B</c> clips.</param>
    /// <param name="reference">What the output is compared with.</param>
    /// <returns>Values <c>[B]</c>.</returns>
    /// <exception cref="PluginUserException">The objective needs concepts, and the model predicts none.</exception>
    public abstract Tensor Value(ModelOutput output, ClipReference reference);

    /// <summary>As <see cref="Value(ModelOutput, ClipReference)"/>, for objectives that only look at ratings.</summary>
    /// <param name="output">The model's output for <c>B</c> clips.</param>
    /// <param name="ratings">Ratings <c>[B, E]</c>.</param>
    /// <returns>Values <c>[B]</c>.</returns>
    public Tensor Value(ModelOutput output, Tensor ratings) => Value(output, new ClipReference(ratings));

    /// <summary>
    /// How far a clip is from success, which is 1 or more: the change that the objective is about, in multiples of the tolerance. For a
    /// direction the mean
    /// change of its emotions in its sense; for <c>concepts</c> the largest change of any concept; for <c>quadrant</c> 1 is its border; for
    /// all others the
    /// largest change of any emotion.
    /// </summary>
    /// <param name="output">The model's output for <c>B</c> clips.</param>
    /// <param name="reference">With clean predictions and tolerances.</param>
    /// <returns>Values <c>[B]</c>.</returns>
    public virtual Tensor Shift(ModelOutput output, ClipReference reference) => reference.EmotionShift(output).abs().amax([1]);

    /// <inheritdoc/>
    public override string ToString() => Name;

    // Atomic: '-' may join a name or begin the next term, which would be tried both ways at each place.
    [GeneratedRegex(@"^(?>[+-]\s*[\w-]*\w\s*)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DirectionPattern();

    [GeneratedRegex(@"(?<sign>[+-])\s*(?<emotion>[\w-]*\w)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TermPattern();

    private sealed class FromError(string name, string description, Func<Tensor, Tensor, Tensor> value) : Objective(name, description)
    {
        public override Tensor Value(ModelOutput output, ClipReference reference) => value(output.Emotion, reference.Ratings);
    }

    private sealed class FromShift(string name, string description, Func<Tensor, Tensor> value) : Objective(name, description)
    {
        public override bool NeedsClean => true;

        public override Tensor Value(ModelOutput output, ClipReference reference) => value(reference.EmotionShift(output));

        public override Tensor Shift(ModelOutput output, ClipReference reference) => Value(output, reference);
    }

    private sealed class FromShiftOf(Objective objective) : Objective($"shift of {objective.Name}", $"the shift of {objective.Description}")
    {
        public override bool NeedsClean => true;

        public override Tensor Value(ModelOutput output, ClipReference reference) => objective.Shift(output, reference);

        public override Tensor Shift(ModelOutput output, ClipReference reference) => objective.Shift(output, reference);
    }

    private sealed class FromBottleneck(string name, string description, bool movesConcepts) : Objective(name, description)
    {
        public override bool NeedsClean => true;

        public override Tensor Value(ModelOutput output, ClipReference reference)
        {
            Tensor concepts = ConceptChange(output, reference).square().mean([1]);
            Tensor emotions = (output.Emotion - reference.RequireClean().Emotion).square().mean([1]);
            return movesConcepts ? concepts - emotions : emotions - concepts;
        }

        public override Tensor Shift(ModelOutput output, ClipReference reference) =>
            movesConcepts
                ? ConceptChange(output, reference).abs().amax([1]) / reference.RequireTolerance().mean([1])
                : base.Shift(output, reference);

        private Tensor ConceptChange(ModelOutput output, ClipReference reference) =>
            output.Concepts is { } moved && reference.RequireClean().Concepts is { } clean
                ? moved - clean
                : throw new PluginUserException(
                    $"The objective '{Name}' needs a model that predicts concepts, and this one does not. Leave the pair out with "
                        + $"'matrix: {{ exclude: [...] }}'."
                );
    }

    private sealed class Direction(string name, float[] weights) : Objective(name, Describe(name))
    {
        public override Tensor Value(ModelOutput output, ClipReference reference) => output.Emotion.matmul(On(output.Emotion));

        public override Tensor Shift(ModelOutput output, ClipReference reference) =>
            reference.EmotionShift(output).matmul(On(output.Emotion)) / Math.Max(weights.Sum(Math.Abs), Epsilon);

        private Tensor On(Tensor like) => tensor(weights, device: like.device);
    }

    private sealed class Quadrant(int valence, int arousal, double middle) : Objective(ObjectiveName, ObjectiveDescription)
    {
        public const string ObjectiveName = "quadrant";

        public const string ObjectiveDescription = "the way into another quadrant of valence and arousal";

        public static Quadrant Find(LabelSpace emotions)
        {
            int valence = emotions.IndexOf("valence"),
                arousal = emotions.IndexOf("arousal");
            if (arousal < 0)
                arousal = emotions.IndexOf("energy");
            return valence >= 0 && arousal >= 0
                ? new Quadrant(valence, arousal, (emotions.Minimum + emotions.Maximum) / 2)
                : throw new FormatException(
                    $"The objective '{ObjectiveName}' needs the emotions valence and arousal (or energy); this dataset has "
                        + $"{string.Join(", ", emotions.Names)}."
                );
        }

        public override Tensor Value(ModelOutput output, ClipReference reference)
        {
            Tensor axes = tensor(new long[] { valence, arousal }, device: output.Emotion.device);
            Tensor side = where(reference.Ratings.index_select(1, axes) >= middle, 1f, -1f);
            return (-side * (output.Emotion.index_select(1, axes) - middle)).amax([1]);
        }

        public override Tensor Shift(ModelOutput output, ClipReference reference) => Value(output, reference) + 1;
    }
}
