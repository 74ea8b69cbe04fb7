using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>What was done to load weights into a model that has other names than the file.</summary>
/// <param name="Prefix">What was taken off the beginning of names, such as <c>module.</c>; possibly empty.</param>
/// <param name="Unused">Names in the file that do not begin with it, and were left out.</param>
/// <param name="Key">As in <see cref="StoredWeights"/>.</param>
/// <param name="OtherKeys">As in <see cref="StoredWeights"/>.</param>
public sealed record LoadedWeights(string Prefix, IReadOnlyList<string> Unused, string? Key, IReadOnlyList<string> OtherKeys)
{
    /// <summary>What of it a user has to know, in sentences; possibly none.</summary>
    public IEnumerable<string> Remarks()
    {
        if (OtherKeys.Count > 0)
            yield return $"it is a checkpoint with several dicts of weights: '{GuestText.Name(Key!)}' was taken, and not "
                + $"{ShortList.Write([.. OtherKeys.Select(k => $"'{k}'")])}; 'key' names another";
        if (Prefix.Length > 0 && Unused.Count == 0)
            yield return $"all names in it begin with '{GuestText.Name(Prefix)}', which the model's do not: it was taken off";
        else if (Prefix.Length > 0)
            yield return $"the model's names begin with '{GuestText.Name(Prefix)}' in it, which was taken off; what does not was left out: "
                + ShortList.Write(Unused);
    }
}
