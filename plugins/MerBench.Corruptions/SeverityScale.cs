using System.Globalization;

namespace MerBench.Corruptions;

/// <summary>The parameter of a corruption at severities 1, 2, ... up to 5: the given values, or else the standard ones.</summary>
internal sealed class SeverityScale
{
    private readonly string _corruption;
    private readonly string _option;
    private readonly double[] _values;

    /// <param name="corruption">Id of the corruption, for messages.</param>
    /// <param name="option">The option's key in YAML, for messages.</param>
    /// <param name="given">What the user set, or null.</param>
    /// <param name="standard">One value a severity.</param>
    /// <param name="minimum">The least allowed value.</param>
    /// <param name="maximum">The largest allowed value.</param>
    /// <exception cref="PluginUserException">A value is not finite or out of range.</exception>
    public SeverityScale(
        string corruption,
        string option,
        double[]? given,
        double[] standard,
        double minimum = double.MinValue,
        double maximum = double.MaxValue
    )
    {
        (_corruption, _option, _values) = (corruption, option, given ?? standard);
        foreach (double value in _values)
        {
            if (double.IsFinite(value) && value >= minimum && value <= maximum)
                continue;
            string range = minimum == double.MinValue ? "finite numbers" : Text($"numbers from {minimum} to {maximum}");
            throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The corruption '{corruption}' needs {range} in '{option}', not {value}; for example '{option}: "
                        + $"[{string.Join(", ", standard.Select(v => Text($"{v}")))}]'."
                )
            );
        }
    }

    /// <summary>The largest severity that has a value.</summary>
    public int Largest => _values.Length;

    /// <exception cref="PluginUserException">There is no value for this severity.</exception>
    public double At(int severity) =>
        severity >= 1 && severity <= _values.Length
            ? _values[severity - 1]
            : throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The corruption '{_corruption}' has no severity {severity}: its '{_option}' lists {_values.Length} value(s). Give "
                        + $"one for each severity, or leave the severity out."
                )
            );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
