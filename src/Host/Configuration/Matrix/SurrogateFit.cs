using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>
/// Finds attacks that are crafted on a model which cannot hear what the attacked one hears. Features of two front ends have nothing in
/// common; of a waveform both can hear the same, if it has the same rate and length for both.
/// </summary>
internal static class SurrogateFit
{
    /// <summary>The waveform that a model is given.</summary>
    /// <param name="SampleRate">Null where it is not known.</param>
    /// <param name="Seconds">Null for what the dataset says, or where it is not known.</param>
    public readonly record struct Heard(int? SampleRate, double? Seconds);

    /// <summary>What can be known without the dataset.</summary>
    public static Heard Ask(Ears ears)
    {
        try
        {
            return new Heard(ears.FrontEnd.Create<IFrontEnd>().SampleRate, ears.Excerpt.ExcerptSeconds);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Heard(null, ears.Excerpt.ExcerptSeconds);
        }
    }

    /// <param name="listen">What waveform a model with such ears is given.</param>
    public static IEnumerable<BenchmarkProblem> Complaints(BenchmarkDefinition definition, Func<Ears, Heard> listen)
    {
        foreach (PerturbationDefinition perturbation in definition.Perturbations)
        foreach (
            ModelDefinition surrogate in definition.Models.Where(m => perturbation.Surrogates.Contains(m.Name, StringComparer.Ordinal))
        )
        foreach (ModelDefinition model in definition.Models.Where(m => definition.Meet(m, perturbation)))
        {
            (Ears own, Ears others) = (definition.EarsOf(model), definition.EarsOf(surrogate));
            if (!own.Equals(others) && Differ(perturbation.Domain, own, others, listen) is var (difference, hint))
                yield return new BenchmarkProblem(
                    perturbation.At,
                    $"'{perturbation.Name}' is crafted on model '{surrogate.Name}' against model '{model.Name}', which {difference}",
                    $"{hint}, or leave the pair out under 'matrix: exclude'"
                );
        }
    }

    private static (string Difference, string Hint)? Differ(Domain domain, Ears own, Ears others, Func<Ears, Heard> listen)
    {
        if (domain == Domain.Features)
            return (
                "reads features of another front end or excerpt",
                "write 'domain: waveform', where both can hear the same, give both the same 'front-end' and 'excerpt'"
            );
        (Heard a, Heard b) = (listen(own), listen(others));
        if (a.SampleRate is { } rate && b.SampleRate is { } other && rate != other)
            return (FormattableString.Invariant($"hears {rate} Hz and not {other}"), "give both the same sample rate");
        return a.Seconds is { } length && b.Seconds is { } otherLength && length != otherLength
            ? (FormattableString.Invariant($"hears {length} s and not {otherLength}"), "give both the same 'excerpt: seconds'")
            : null;
    }
}
