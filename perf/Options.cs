using System.Globalization;

namespace MerBench.Perf;

/// <summary>Options of the harnesses, as <c>--name value</c>.</summary>
internal static class Options
{
    public static string Text(string[] options, string name, string standard) =>
        Array.IndexOf(options, name) is >= 0 and var at && at + 1 < options.Length ? options[at + 1] : standard;

    public static int Number(string[] options, string name, int standard) =>
        int.Parse(Text(options, name, standard.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
