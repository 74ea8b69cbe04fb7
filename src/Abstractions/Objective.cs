using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace MerBench;

/// <summary>What an attack maximises, as a differentiable value for each clip.</summary>
public abstract partial class Objective
{
    private const double Epsilon = 1e-12;

    private Objective(string name) => Name = name;

    /// <summary>The objective as written in YAML.</summary>
    public string Name { get; }

    /// <summary>Mean squared error over the emotions of a clip.</summary>
    public static Objective Mse { get; } = new FromError("mse", static (p, t) => (p - t).square().mean([1]));

    /// <summary>Mean absolute error over the emotions of a clip.</summary>
    public static Objective Mae { get; } = new FromError("mae", static (p, t) => (p - t).abs().mean([1]));

    /// <summary>Negative Pearson correlation over the emotions of a clip.</summary>
    public static Objective Pearson { get; } = new FromError("pearson", static (p, t) =>
    {
        Tensor x = p - p.mean([1], keepdim: true), y = t - t.mean([1], keepdim: true);
        return -(x * y).sum(1) / ((x.square().sum(1) * y.square().sum(1)) + Epsilon).sqrt();
    });

    /// <summary>Negative concordance correlation (Lin 1989) over the emotions of a clip.</summary>
    public static Objective Ccc { get; } = new FromError("ccc", static (p, t) =>
    {
        Tensor mp = p.mean([1], keepdim: true), mt = t.mean([1], keepdim: true);
        Tensor covariance = ((p - mp) * (t - mt)).mean([1]);
        Tensor scale = (p - mp).square().mean([1]) + (t - mt).square().mean([1]) + (mp - mt).square().squeeze(1);
        return -2 * covariance / (scale + Epsilon);
    });

    /// <summary>
    /// Reads an objective: <c>mse</c>, <c>mae</c>, <c>pearson</c>, <c>ccc</c>, or a direction such as <c>+valence -arousal</c>, which
    /// maximises the signed sum of the named emotions.
    /// </summary>
    /// <param name="text">The objective as written in YAML.</param>
    /// <param name="emotions">The dataset's emotions.</param>
    /// <exception cref="FormatException">The text is neither; the message lists what is.</exception>
    public static Objective Parse(string text, LabelSpace emotions)
    {
        string name = text.Trim();
        Objective? known = new[] { Mse, Mae, Pearson, Ccc }.FirstOrDefault(o => o.Name == name);
        if (known is not null) return known;
        if (!DirectionPattern().IsMatch(name))
            throw new FormatException($"'{text}' is not an objective: expected mse, mae, pearson, ccc, or a direction such as '+{emotions.Names[0]}'.");
        var signs = new float[emotions.Count];
        foreach (Match term in TermPattern().Matches(name))
        {
            int index = emotions.IndexOf(term.Groups["emotion"].Value);
            if (index < 0)
                throw new FormatException($"'{term.Groups["emotion"].Value}' is not an emotion of this dataset: {string.Join(", ", emotions.Names)}.");
            signs[index] += term.Groups["sign"].Value == "+" ? 1 : -1;
        }

        return new Direction(name, signs);
    }

    /// <summary>The value to maximise, a clip.</summary>
    /// <param name="output">The model's output for <c>B</c> clips.</param>
    /// <param name="targets">Ratings <c>[B, E]</c>.</param>
    /// <returns>Values <c>[B]</c>.</returns>
    public abstract Tensor Value(ModelOutput output, Tensor targets);

    /// <inheritdoc/>
    public override string ToString() => Name;

    // Atomic: '-' may join a name or begin the next term, which would be tried both ways at each place.
    [GeneratedRegex(@"^(?>[+-]\s*[\w-]*\w\s*)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DirectionPattern();

    [GeneratedRegex(@"(?<sign>[+-])\s*(?<emotion>[\w-]*\w)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TermPattern();

    private sealed class FromError(string name, Func<Tensor, Tensor, Tensor> value) : Objective(name)
    {
        public override Tensor Value(ModelOutput output, Tensor targets) => value(output.Emotion, targets);
    }

    private sealed class Direction(string name, float[] signs) : Objective(name)
    {
        public override Tensor Value(ModelOutput output, Tensor targets) =>
            output.Emotion.matmul(tensor(signs, device: output.Emotion.device));
    }
}
