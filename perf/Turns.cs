using System.Globalization;
using MathNet.Numerics.Statistics;

namespace MerBench.Perf;

/// <summary>Measures several things, each in turn in every round, so that what else the machine does concerns all; the first round is not
/// counted.</summary>
internal sealed class Turns
{
    private readonly List<(string Name, Func<double> Measure, List<double> Values)> _rows = [];

    public void Add(string name, Func<double> measure) => _rows.Add((name, measure, []));

    public void Run(int rounds)
    {
        for (int round = -1; round < rounds; round++)
        {
            foreach ((_, Func<double> measure, List<double> values) in _rows)
            {
                double value = measure();
                if (round >= 0)
                    values.Add(value);
            }
        }
    }

    /// <summary>The names in the order in which they were added.</summary>
    public IEnumerable<string> Names => _rows.Select(r => r.Name);

    /// <summary>A value a round.</summary>
    public IReadOnlyList<double> Of(string name) => _rows.Single(r => r.Name == name).Values;

    /// <summary>How many times as long as another thing something took, a value a round.</summary>
    public double[] Ratios(string name, string other) => [.. Of(name).Zip(Of(other), (a, b) => a / b)];

    /// <summary>Median, smallest and largest.</summary>
    public static string Spread(IReadOnlyCollection<double> values, string format = "0.0")
    {
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(values.Median())} ({Text(values.Min())} to {Text(values.Max())})";
    }
}
