using System.Globalization;
using MerBench.Host.Text;

namespace MerBench.Host.Cells;

/// <summary>The notes of a cell's attack: each key is a column of its table, so there are but some; texts are made safe to show.</summary>
internal sealed class CellNotes(string plugin)
{
    private const int MostKeys = 100;

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>Takes those of a clip.</summary>
    /// <exception cref="CellFailedException">The attack has noted too many things.</exception>
    public IReadOnlyDictionary<string, string> Take(IReadOnlyDictionary<string, string>? notes)
    {
        if (notes is null or { Count: 0 })
            return None;
        _keys.UnionWith(notes.Keys);
        if (_keys.Count > MostKeys)
            throw new CellFailedException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{plugin} noted {_keys.Count:#,0} different things of clips, such as '{GuestText.Name(_keys.Last())}'; a cell takes "
                        + $"at most {MostKeys} keys. Put what differs from clip to clip into the value, not into the key."
                )
            );
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in notes)
            taken[GuestText.Name(key)] = GuestText.Name(value ?? "");
        return taken;
    }
}
