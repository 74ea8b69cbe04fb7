using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MerBench.Host.IO;

namespace MerBench.Host.Distribution;

/// <param name="Index">Its place in the matrix.</param>
/// <param name="Work">An estimate from the plan alone, in forward passes of a clip.</param>
public sealed record PlannedCell(int Index, string Name, string Key, double Work);

/// <summary>A model with its cells: what shards are made of.</summary>
/// <param name="Key">Of the trained model.</param>
/// <param name="Training">Work to train it, as for a cell.</param>
/// <param name="Cells">In the order of the matrix.</param>
public sealed record PlannedModel(string Name, int Seed, string Key, double Training, IReadOnlyList<PlannedCell> Cells)
{
    [JsonIgnore]
    public double Work => Training + Cells.Sum(c => c.Work);
}

/// <summary>
/// A benchmark as it stands at one moment: its text, the plugins and data that it meets, its cells with their keys. Everybody who computes
/// a part of it compares it with what he sees himself.
/// </summary>
public sealed record StudyPlan
{
    /// <summary>Its file in the folder of a plan.</summary>
    public const string FileName = "plan.json";

    private const int CurrentSchema = 1;
    private const string Seal = "sha256";

    public int Schema { get; init; } = CurrentSchema;

    public required string Benchmark { get; init; }

    /// <summary>The benchmark file's name.</summary>
    public required string File { get; init; }

    /// <summary>The benchmark file's text.</summary>
    public required string Text { get; init; }

    public required string MerBench { get; init; }

    /// <summary>Hashes of plugin assemblies by the plugins' names.</summary>
    public required IReadOnlyDictionary<string, string> Plugins { get; init; }

    /// <summary>Fingerprint of the prepared dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>Most work first.</summary>
    public required IReadOnlyList<PlannedModel> Models { get; init; }

    /// <summary>All cells in the order of the matrix.</summary>
    public IEnumerable<PlannedCell> ListCells() => Models.SelectMany(m => m.Cells).OrderBy(c => c.Index);

    /// <summary>SHA-256 over all of it.</summary>
    public string ComputeHash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, ResultJson.Options)));

    /// <summary>Says what in another plan is not as in this one; null where nothing is.</summary>
    public string? DescribeDifference(StudyPlan seen)
    {
        if (Text.ReplaceLineEndings() != seen.Text.ReplaceLineEndings())
            return $"{File} was changed";
        if (MerBench != seen.MerBench)
            return $"it was made by MerBench {MerBench}, and this is {seen.MerBench}";
        string[] plugins =
        [
            .. Plugins
                .Keys.Union(seen.Plugins.Keys, StringComparer.Ordinal)
                .Where(name => Plugins.GetValueOrDefault(name) != seen.Plugins.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal),
        ];
        if (plugins.Length > 0)
            return $"other builds of plugins are here: {string.Join(", ", plugins)}";
        if (Dataset != seen.Dataset)
            return "the dataset or its preparation is another one here";
        return ComputeHash() == seen.ComputeHash() ? null : "cells have other keys here, as on another type of device";
    }

    /// <exception cref="DiskException">It cannot be written.</exception>
    public void Write(string folder)
    {
        JsonObject content = JsonSerializer.SerializeToNode(this, ResultJson.Options)!.AsObject();
        content[Seal] = ComputeHash();
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(content, ResultJson.Options));
    }

    /// <param name="path">The folder of a plan, or its file.</param>
    /// <exception cref="UserErrorException">There is none, or it is damaged or of another version.</exception>
    public static StudyPlan Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        try
        {
            byte[] content = System.IO.File.ReadAllBytes(file);
            StudyPlan plan = JsonSerializer.Deserialize<StudyPlan>(content, ResultJson.Options) ?? throw new JsonException("it is empty.");
            if (plan.Schema != CurrentSchema)
                throw new UserErrorException($"{file} is of another version of MerBench.");
            return JsonSerializer.Deserialize<Sealed>(content, ResultJson.Options)!.Sha256 == plan.ComputeHash()
                ? plan
                : throw new JsonException("it is not as it was written (SHA-256).");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{file} does not exist. 'merbench plan FILE -o {path}' writes a plan.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{file} is no plan, or is damaged: {e.Message} 'merbench plan' writes it anew.");
        }
    }

    private sealed record Sealed(string? Sha256);
}
