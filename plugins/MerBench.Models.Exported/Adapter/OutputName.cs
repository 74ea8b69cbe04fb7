using System.Globalization;
using MerBench.Host.Text;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Something that a file calls by a name or by a number: an output, or a column of one.</summary>
internal static class OutputName
{
    /// <summary>Its position: a name wins over a number, the exact name over one in other letters; -1 where there is none.</summary>
    public static int Find(string nameOrIndex, IReadOnlyList<string>? names, long count)
    {
        foreach (StringComparison comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
            for (int i = 0; i < names?.Count; i++)
                if (string.Equals(names[i], nameOrIndex, comparison))
                    return i;
        return int.TryParse(nameOrIndex, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < count ? index : -1;
    }

    /// <summary>What there is to choose from.</summary>
    public static string Describe(IReadOnlyList<string>? names, long count)
    {
        string numbers = count == 1 ? "0" : $"0 to {count - 1}";
        return names is null ? numbers : $"{ShortList.Write([.. names])} (or {numbers})";
    }
}
