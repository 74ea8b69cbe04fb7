using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>Loads weights of any supported format into a model, and saves them.</summary>
public static class WeightsFile
{
    /// <summary>Reads <c>.safetensors</c> or PyTorch's <c>.pt</c>; the content decides, not the extension.</summary>
    /// <param name="key">Under which a checkpoint has the weights; null to find them.</param>
    /// <exception cref="UserErrorException">The file is missing, unreadable, malformed, or holds something else.</exception>
    public static StoredWeights Read(string path, string? key = null)
    {
        byte[] content = ReadBytes(path);
        if (PyTorchStateDict.Recognises(content))
            return PyTorchStateDict.Parse(content, path, key);
        if (!SafetensorsFile.Recognises(content))
            throw new UserErrorException($"{path} {Describe(content)}. {HowToSave}.");
        if (key is not null)
            throw new UserErrorException(
                $"{path} is a safetensors file, which has no dicts inside: leave out 'key: {GuestText.Name(key)}'."
            );
        return new StoredWeights(SafetensorsFile.Parse(content, path).Tensors, null, []);
    }

    private const string HowToSave =
        "Save weights with safetensors.torch.save_file(model.state_dict(), ...) or torch.save(model.state_dict(), ...)";

    private static string Describe(byte[] content)
    {
        if (content.Length == 0)
            return "is empty";
        if (content.Length > 2 && content[0] == 0x80 && content[1] is >= 2 and <= 5)
            return "is a Python pickle that torch.save did not write";
        return FileFormat.Recognise(content.AsSpan(0, Math.Min(content.Length, FileFormat.Looked))) is { } format
            ? $"is {format}, not weights"
            : "is neither a .safetensors file nor a PyTorch .pt file";
    }

    /// <summary>Saves a model's state as <c>.safetensors</c>.</summary>
    public static void Save(IReadOnlyDictionary<string, Tensor> state, string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsFile.Write(path, state.ToDictionary(s => s.Key, s => StoredTensor.From(s.Value), StringComparer.Ordinal), metadata);

    /// <summary>
    /// Copies a file's weights into a model's own tensors. Names and shapes must be equal, except that batch norm's counter
    /// <c>num_batches_tracked</c>, which evaluation never reads, may be absent on either side, and that names in the file may begin with
    /// what a wrapper put before them (<see cref="CommonPrefix"/>).
    /// </summary>
    /// <param name="key">Under which a checkpoint has the weights; null to find them.</param>
    /// <exception cref="UserErrorException">The file is unusable, or does not fit the model; the message lists every difference. The model
    /// is unchanged.</exception>
    public static LoadedWeights LoadInto(IReadOnlyDictionary<string, Tensor> state, string path, string? key = null)
    {
        StoredWeights read = Read(path, key);
        var expected = state.Keys.Where(n => !IsCounter(n)).ToHashSet(StringComparer.Ordinal);
        string prefix = CommonPrefix.Find([.. read.Tensors.Keys], expected);
        string[] unused = [.. read.Tensors.Keys.Where(n => !n.StartsWith(prefix, StringComparison.Ordinal))];
        Dictionary<string, StoredTensor> stored = read
            .Tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
        RequireFit(state, stored, path);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var values = new List<(Tensor Target, Tensor Value)>();
        foreach ((string name, Tensor target) in state)
        {
            if (!stored.TryGetValue(name, out StoredTensor? entry))
                continue;
            Tensor value = entry.ToTensor();
            if (value.is_floating_point() && !value.isfinite().all().item<bool>())
                throw new UserErrorException(
                    $"{path}: '{name}' holds NaN or infinite values. The model that was saved had diverged; use an earlier checkpoint."
                );
            values.Add((target, value));
        }

        foreach ((Tensor target, Tensor value) in values)
            target.copy_(value);
        return new LoadedWeights(prefix, unused, read.Key, read.OtherKeys);
    }

    private static void RequireFit(IReadOnlyDictionary<string, Tensor> state, IReadOnlyDictionary<string, StoredTensor> stored, string path)
    {
        var problems = new List<string>();
        Report("missing", state.Keys.Where(n => !stored.ContainsKey(n) && !IsCounter(n)));
        Report("unexpected", stored.Keys.Where(n => !state.ContainsKey(n) && !IsCounter(n)));
        Report(
            "wrong shape",
            state
                .Where(s => stored.TryGetValue(s.Key, out StoredTensor? t) && !t.Shape.SequenceEqual(s.Value.shape))
                .Select(s => $"{s.Key} (model [{string.Join(", ", s.Value.shape)}], file [{string.Join(", ", stored[s.Key].Shape)}])")
        );
        Report(
            "wrong type",
            state
                .Where(s => stored.TryGetValue(s.Key, out StoredTensor? t) && IsFloat(t.Type) != IsFloat(s.Value.dtype))
                .Select(s => $"{s.Key} (model {s.Value.dtype}, file {stored[s.Key].Type})")
        );
        if (problems.Count == 0)
            return;
        throw new UserErrorException(
            $"{path} does not fit the model:{string.Concat(problems)}{Environment.NewLine}Check the model's options (head, width, ...) "
                + $"against those it was trained with."
        );

        void Report(string what, IEnumerable<string> names)
        {
            string[] sorted = [.. names.Order(StringComparer.Ordinal)];
            if (sorted.Length > 0)
                problems.Add($"{Environment.NewLine}  {what}: {ShortList.Write(sorted)}");
        }
    }

    private static bool IsCounter(string name) =>
        name == "num_batches_tracked" || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private static bool IsFloat(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    internal static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"There is no weights file {path}.", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }
}
