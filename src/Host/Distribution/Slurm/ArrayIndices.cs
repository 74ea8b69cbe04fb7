using System.Globalization;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>Indices of an array's tasks, as Slurm writes them: <c>1-4,7,10-20:5%2</c>.</summary>
internal static class ArrayIndices
{
    // Nothing that a person submits; what is larger is no list.
    private const int Most = 4_000_000;

    public static string Write(IEnumerable<int> indices)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (int index in indices.Distinct().Order())
            if (ranges.Count > 0 && ranges[^1].Last == index - 1)
                ranges[^1] = (ranges[^1].First, index);
            else
                ranges.Add((index, index));
        return string.Join(',', ranges.Select(r => r.First == r.Last ? Text(r.First) : $"{Text(r.First)}-{Text(r.Last)}"));
    }

    /// <summary>Null where the text is something else, or was cut off (<c>1-4,...</c>).</summary>
    public static IReadOnlyList<int>? Read(string text)
    {
        var indices = new List<int>();
        foreach (string part in text.Split('%')[0].Split(','))
        {
            if (ReadRange(part) is not var (first, last, step) || last - first > Most)
                return null;
            for (int index = first; index <= last; index += step)
                indices.Add(index);
        }

        return indices;
    }

    private static (int First, int Last, int Step)? ReadRange(string text)
    {
        string[] stepped = text.Split(':');
        string[] ends = stepped[0].Split('-');
        if (stepped.Length > 2 || ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last)
            return null;
        return (stepped.Length == 2 ? Number(stepped[1]) : 1) is { } step and > 0 ? (first, last, step) : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < int.MaxValue / 2 ? number : null;

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);
}
