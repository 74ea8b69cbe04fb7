using MerBench.Host.Text;

namespace MerBench.Host.Weights;

/// <summary>
/// The state dict in what torch.save wrote: the object itself, or a dict within a checkpoint, up to two levels down, as those of training
/// loops and of Lightning. A checkpoint's other entries (epochs, options, the state of an optimiser) are left alone.
/// </summary>
internal sealed class CheckpointDictionary
{
    private const int MostLevels = 2;

    // By what people call it; earlier ones are preferred.
    private static readonly string[] UsualKeys =
    [
        "state_dict",
        "model_state_dict",
        "model_state",
        "model",
        "net",
        "network",
        "module",
        "weights",
        "params",
        "ema",
        "model_ema",
        "ema_state_dict",
        "params_ema",
    ];

    private readonly Dictionary<object, object?> _dictionary;

    private CheckpointDictionary(Dictionary<object, object?> dictionary, string? key, IReadOnlyList<string> otherKeys) =>
        (_dictionary, Key, OtherKeys) = (dictionary, key, otherKeys);

    /// <summary>Where it was found; null where the file is a state dict.</summary>
    public string? Key { get; }

    /// <summary>Where others are that would have done.</summary>
    public IReadOnlyList<string> OtherKeys { get; }

    /// <summary>Its tensors by name.</summary>
    public IEnumerable<(string Name, PickleTensor Tensor)> Tensors =>
        _dictionary.Where(e => e is { Key: string, Value: PickleTensor }).Select(e => ((string)e.Key, (PickleTensor)e.Value!));

    /// <param name="root">What the file holds.</param>
    /// <param name="key">Where to look, such as <c>ema</c> or <c>model.ema</c>; null to find it.</param>
    /// <exception cref="PickleException">There is none, or several of names that say nothing.</exception>
    public static CheckpointDictionary Find(object? root, string? key)
    {
        if (root is not Dictionary<object, object?> dictionary)
            throw new PickleException(
                $"it holds {RestrictedUnpickler.Describe(root)}, not a state dict. Save torch.save(model.state_dict(), 'weights.pt')"
            );
        if (key is not null)
            return Named(dictionary, key);
        if (IsStateDict(dictionary))
            return new CheckpointDictionary(dictionary, null, []);
        Candidate[] candidates = [.. Candidates(dictionary, "", MostLevels)];
        if (candidates.Length == 0)
            return HasTensors(dictionary) ? new CheckpointDictionary(dictionary, null, []) : throw Without(dictionary);
        Candidate best = candidates.MinBy(c => c.Rank)!;
        if (best.Rank == UsualKeys.Length && candidates.Length > 1)
            throw new PickleException(
                $"it is a checkpoint with several dicts of tensors: {List(candidates)}. Say which: weights: {{ path: ..., key: "
                    + $"{GuestText.Name(best.Key)} }}"
            );
        return new CheckpointDictionary(best.Dictionary, best.Key, [.. candidates.Where(c => c != best).Select(c => c.Key)]);
    }

    private static CheckpointDictionary Named(Dictionary<object, object?> root, string key)
    {
        Dictionary<object, object?>? found = root;
        if (root.GetValueOrDefault(key) is Dictionary<object, object?> whole)
            found = whole;
        else
            foreach (string part in key.Split('.'))
                found = found?.GetValueOrDefault(part) as Dictionary<object, object?>;
        if (found is not null && HasTensors(found))
            return new CheckpointDictionary(found, key, []);
        Candidate[] candidates = [.. Candidates(root, "", MostLevels)];
        string there = candidates.Length == 0 ? "no dict in it holds tensors; leave 'key' out" : $"tensors are under {List(candidates)}";
        throw new PickleException($"it has no dict of tensors under '{GuestText.Name(key)}': {there}");
    }

    private static IEnumerable<Candidate> Candidates(Dictionary<object, object?> dictionary, string path, int levels)
    {
        foreach ((object key, object? value) in dictionary)
        {
            if (key is not string name || value is not Dictionary<object, object?> inner)
                continue;
            int usual = Array.IndexOf(UsualKeys, name);
            if (IsStateDict(inner) || (usual >= 0 && HasTensors(inner)))
                yield return new Candidate(path + name, inner, usual < 0 ? UsualKeys.Length : usual);
            else if (levels > 1)
                foreach (Candidate deeper in Candidates(inner, $"{path}{name}.", levels - 1))
                    yield return deeper;
        }
    }

    private static bool IsStateDict(Dictionary<object, object?> dictionary) =>
        dictionary.Count > 0 && dictionary.All(e => e is { Key: string, Value: PickleTensor });

    private static bool HasTensors(Dictionary<object, object?> dictionary) =>
        dictionary.Any(e => e is { Key: string, Value: PickleTensor });

    private static string List(Candidate[] candidates) => ShortList.Write([.. candidates.Select(c => $"'{c.Key}'")], shown: 12);

    private static PickleException Without(Dictionary<object, object?> dictionary)
    {
        string what = "it holds an empty dict";
        if (dictionary.Count > 0)
        {
            (object key, object? value) = dictionary.First();
            what = $"its entry '{GuestText.Name($"{key}")}' is {RestrictedUnpickler.Describe(value)}, not a tensor";
        }

        string keys = string.Join(", ", UsualKeys.Take(5).Select(k => $"'{k}'"));
        return new PickleException($"{what}. A state dict, or a dict with one under {keys} or the like, is expected");
    }

    private sealed record Candidate(string Key, Dictionary<object, object?> Dictionary, int Rank);
}
