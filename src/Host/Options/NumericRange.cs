using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MerBench.Host.Options;

/// <summary>
/// A <see cref="RangeAttribute"/> as numbers. Its own check converts a value to the type of the limits first, so that 1.4 would lie within
/// <c>[Range(0, 1)]</c>; here it does not. Durations count in seconds.
/// </summary>
public sealed record NumericRange(double Minimum, double Maximum, bool IsMinimumExclusive, bool IsMaximumExclusive)
{
    private bool HasMinimum => Minimum > int.MinValue;

    private bool HasMaximum => Maximum < int.MaxValue;

    /// <summary>For the end of a sentence: <c>of at least 1</c>.</summary>
    public string Phrase =>
        (HasMinimum, HasMaximum, IsMinimumExclusive, IsMaximumExclusive) switch
        {
            (true, true, false, false) => Invariant($"from {Minimum} to {Maximum}"),
            (true, false, false, _) => Invariant($"of at least {Minimum}"),
            (false, true, _, false) => Invariant($"of at most {Maximum}"),
            _ => ToString(),
        };

    internal static NumericRange From(RangeAttribute range) =>
        new(
            Limit(range.Minimum, range.OperandType),
            Limit(range.Maximum, range.OperandType),
            range.MinimumIsExclusive,
            range.MaximumIsExclusive
        );

    public bool Contains(double value) =>
        (IsMinimumExclusive ? value > Minimum : value >= Minimum) && (IsMaximumExclusive ? value < Maximum : value <= Maximum);

    public override string ToString() =>
        (HasMinimum, HasMaximum) switch
        {
            (true, true) when !IsMinimumExclusive && !IsMaximumExclusive => Invariant($"{Minimum}..{Maximum}"),
            (true, true) => Invariant($"{(IsMinimumExclusive ? ">" : ">=")} {Minimum}, {(IsMaximumExclusive ? "<" : "<=")} {Maximum}"),
            (true, false) => Invariant($"{(IsMinimumExclusive ? ">" : ">=")} {Minimum}"),
            (false, true) => Invariant($"{(IsMaximumExclusive ? "<" : "<=")} {Maximum}"),
            _ => "",
        };

    internal void AddTo(JsonObject schema)
    {
        if (HasMinimum)
            schema[IsMinimumExclusive ? "exclusiveMinimum" : "minimum"] = Minimum;
        if (HasMaximum)
            schema[IsMaximumExclusive ? "exclusiveMaximum" : "maximum"] = Maximum;
    }

    private static double Limit(object limit, Type type) =>
        limit switch
        {
            string text when type == typeof(TimeSpan) => TimeSpan.Parse(text, CultureInfo.InvariantCulture).TotalSeconds,
            string text => double.Parse(text, CultureInfo.InvariantCulture),
            TimeSpan duration => duration.TotalSeconds,
            _ => Convert.ToDouble(limit, CultureInfo.InvariantCulture),
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
