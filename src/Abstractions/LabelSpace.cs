namespace MerBench;

/// <summary>
/// The names, order and scale of a vector of ratings: emotions (<c>valence, energy, ...</c>) or concepts (<c>melodiousness, ...</c>).
/// </summary>
public sealed class LabelSpace
{
    /// <summary>Creates a label space.</summary>
    /// <param name="names">Label names in the order of the rating vectors; distinct, not empty.</param>
    /// <param name="minimum">The lowest possible rating, in the units in which the dataset hands ratings out.</param>
    /// <param name="maximum">The highest possible rating, same units; above <paramref name="minimum"/>.</param>
    /// <param name="source">The scale as published, for example <c>Likert 1-9, mapped linearly to 0-1</c>.</param>
    /// <exception cref="ArgumentException">Names are empty or repeat, or the scale is empty.</exception>
    public LabelSpace(IEnumerable<string> names, double minimum = 0, double maximum = 1, string source = "")
    {
        Names = [.. names];
        if (Names.Count == 0 || Names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException("A label space needs at least one label, and no label may be blank.", nameof(names));
        if (Names.Distinct(StringComparer.Ordinal).Count() != Names.Count)
            throw new ArgumentException($"Labels repeat: {string.Join(", ", Names)}.", nameof(names));
        if (!(maximum > minimum))
            throw new ArgumentException($"The scale {minimum}..{maximum} is empty.", nameof(maximum));
        (Minimum, Maximum, Source) = (minimum, maximum, source);
    }

    /// <summary>Label names in the order of the rating vectors.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many labels there are.</summary>
    public int Count => Names.Count;

    /// <summary>The lowest possible rating.</summary>
    public double Minimum { get; }

    /// <summary>The highest possible rating.</summary>
    public double Maximum { get; }

    /// <summary>The scale as published.</summary>
    public string Source { get; }

    /// <summary>The position of a label, or -1.</summary>
    /// <param name="name">A label name; compared without case.</param>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Names.Count; i++)
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
                return i;
        return -1;
    }
}
