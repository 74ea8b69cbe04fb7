using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace MerBench.Host.Results;

/// <summary>
/// Clip rows as Parquet: <c>clip</c>, <c>rating.E</c>, <c>clean.E</c>, <c>perturbed.E</c> for each emotion, <c>concept_rating.C</c>,
/// <c>clean_concept.C</c>, <c>perturbed_concept.C</c> for each concept, <c>linf</c>, <c>l2</c>, <c>snr_db</c>, in the feature domain
/// <c>mel_inversion_snr_db</c>, <c>shift</c>, <c>objective_clean</c>, <c>objective_perturbed</c>, with resynthesis <c>realised.E</c>, <c>realised_residual</c> and <c>realised_snr_db</c>,
/// <c>note.K</c> for each key that the attack noted, <c>forward_calls</c>, <c>gradient_calls</c>.
/// </summary>
public static class ClipTable
{
    public static void Write(Stream stream, LabelSpace emotions, LabelSpace? concepts, IReadOnlyList<ClipResult> clips, IReadOnlyDictionary<string, string> metadata)
    {
        var columns = new List<(DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write)>();
        void Add<T>(string name, Func<ClipResult, T> value)
            where T : struct =>
            columns.Add((new DataField<T>(name), (group, field) => group.WriteAsync<T>(field, clips.Select(value).ToArray())));
        void AddLabels(string prefix, LabelSpace labels, Func<ClipResult, float[]?> values)
        {
            if (clips.Count == 0 || values(clips[0]) is null) return;
            for (int i = 0; i < labels.Count; i++)
            {
                int label = i;
                Add($"{prefix}.{labels.Names[i]}", c => values(c)![label]);
            }
        }

        columns.Add((new DataField("clip", typeof(string), isNullable: false), (group, field) => group.WriteAsync(field, clips.Select(c => c.Id).ToArray())));
        AddLabels("rating", emotions, c => c.Rating);
        AddLabels("clean", emotions, c => c.Clean);
        AddLabels("perturbed", emotions, c => c.Perturbed);
        if (concepts is not null)
        {
            AddLabels("concept_rating", concepts, c => c.ConceptRating);
            AddLabels("clean_concept", concepts, c => c.CleanConcepts);
            AddLabels("perturbed_concept", concepts, c => c.PerturbedConcepts);
        }

        Add("linf", c => c.Linf);
        Add("l2", c => c.L2);
        Add("snr_db", c => c.SnrDb);
        if (clips.Count > 0 && clips[0].MelInversionSnrDb is not null) Add("mel_inversion_snr_db", c => c.MelInversionSnrDb!.Value);
        Add("shift", c => c.Shift);
        Add("objective_clean", c => c.Objective.Clean);
        Add("objective_perturbed", c => c.Objective.Perturbed);
        if (clips.Count > 0 && clips[0].Realised is not null)
        {
            AddLabels("realised", emotions, c => c.Realised);
            Add("realised_residual", c => c.RealisedResidual);
            Add("realised_snr_db", c => c.RealisedSnrDb);
        }

        foreach (string key in clips.SelectMany(c => c.Notes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            columns.Add((new DataField($"note.{key}", typeof(string), isNullable: true), (group, field) => group.WriteAsync(field, clips.Select(c => c.Notes.GetValueOrDefault(key)).ToArray()!)));
        Add("forward_calls", c => c.ForwardCalls);
        Add("gradient_calls", c => c.GradientCalls);
        WriteAsync(stream, columns, metadata).GetAwaiter().GetResult();
    }

    private static async Task WriteAsync(
        Stream stream, List<(DataField Field, Func<ParquetRowGroupWriter, DataField, Task> Write)> columns, IReadOnlyDictionary<string, string> metadata)
    {
        var schema = new ParquetSchema(columns.Select(c => (Field)c.Field));
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream);
        writer.CustomMetadata = new Dictionary<string, string>(metadata, StringComparer.Ordinal)
        {
            ["merbench.schema"] = 1.ToString(CultureInfo.InvariantCulture),
        };
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach ((DataField field, Func<ParquetRowGroupWriter, DataField, Task> write) in columns) await write(group, field);
    }
}
