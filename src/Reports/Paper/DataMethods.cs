using System.Text.Json;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Reports.Bibliography;

namespace MerBench.Reports.Paper;

/// <summary>Dataset, excerpts, front end.</summary>
internal static class DataMethods
{
    public static Paragraph Write(RunFacts facts, RunBibliography bibliography)
    {
        var text = new Paragraph();
        DatasetSummary data = facts.Results.Dataset;
        string plugin = $"dataset/{data.Id}";
        text.Say(
            $"We used the dataset {Inline.Code(data.Id)}{Inline.Cite(bibliography.Cite(plugin))}{About(facts.Results, plugin)}, with "
                + $"{Clips(data.Train)} for training, {data.Validation} for validation and {data.Test} for testing."
        );
        text.Say(
            $"Each clip has ratings of {Names(data.Emotions, "emotion")} between {data.Minimum} and {data.Maximum} "
                + $"({LowerFirst(data.Scale.TrimEnd('.'))})."
        );
        if (data.Concepts.Count > 0)
            text.Say($"There are also ratings of {Names(data.Concepts, "concept")}.");
        if (facts.Preparation is { } preparation)
            SayPreparation(text, preparation);
        if (facts.FrontEnd is { } frontEnd)
            text.Say(
                $"The front end {Name(frontEnd, bibliography)} turned waveforms into features"
                    + $"{OptionText.InBrackets(frontEnd.GetProperty("options"))}, standardised by "
                    + $"{Standardisation(data, facts.Preparation)}."
            );
        foreach (ModelFacts model in facts.Models)
            if (model is { Ears: { } ears, Specification: { } specification })
                SayEars(text, model.Name, ears, specification, bibliography);
        return text;
    }

    private static void SayEars(Paragraph text, string model, EarsSummary ears, JsonElement specification, RunBibliography bibliography)
    {
        JsonElement frontEnd = specification.GetProperty("front-end");
        string seconds = FormattableString.Invariant($"{ears.ExcerptSeconds} s at {ears.SampleRate} Hz");
        text.Say(
            $"The model {Inline.Code(model)} was given {seconds} through {Name(frontEnd, bibliography)}"
                + $"{OptionText.InBrackets(frontEnd.GetProperty("options"))}."
        );
    }

    private static Inline Name(JsonElement frontEnd, RunBibliography bibliography)
    {
        string id = frontEnd.GetProperty("id").GetString()!;
        return Sentence.Format($"{Inline.Code(id)}{Inline.Cite(bibliography.Cite($"frontend/{id}"))}");
    }

    private static string Standardisation(DatasetSummary data, JsonElement? preparation)
    {
        if (preparation?.TryGetProperty("standardise-from", out JsonElement source) == true && source.GetString() == "nothing")
            return "nothing";
        bool all = preparation?.GetProperty("standardise-on-all-clips").GetBoolean() == true;
        bool full = preparation?.TryGetProperty("standardise-from", out JsonElement from) == true && from.GetString() == "recordings";
        string numbers = data is { FeatureMean: { } mean, FeatureStandardDeviation: { } deviation }
            ? FormattableString.Invariant($" ({mean:0.00000} and {deviation:0.00000})")
            : "";
        return $"mean and standard deviation{numbers} over "
            + $"{(full ? "the full recordings of " : "")}{(all ? "all clips, test clips included" : "the training clips")}";
    }

    private static void SayPreparation(Paragraph text, JsonElement preparation)
    {
        string where = preparation.GetProperty("placement").GetString() switch
        {
            "start" => "from the start of each recording",
            "middle" => "from the middle of each recording",
            _ => "from a random place of each recording, drawn once",
        };
        text.Say($"Excerpts of {preparation.GetProperty("excerpt-seconds").GetDouble()} s were cut {where}.");
    }

    // A plugin's own words, where it has any.
    private static Inline About(RunResults results, string plugin) =>
        results.Sources.TryGetValue(plugin, out PluginSource? source) && source.Summary.Length > 0
            ? Sentence.Format($" ({source.Summary.TrimEnd('.')})")
            : Inline.Text("");

    private static string Clips(int count) => FormattableString.Invariant($"{count} clip{(count == 1 ? "" : "s")}");

    private static string Names(IReadOnlyList<string> names, string what) =>
        FormattableString.Invariant($"{names.Count} {what}{(names.Count == 1 ? "" : "s")} ({string.Join(", ", names)})");

    // Abbreviations and names of several capitals stay.
    private static string LowerFirst(string text) =>
        text.Length > 1 && char.IsUpper(text[0]) && char.IsLower(text[1]) && !text.Split(' ')[0].Skip(1).Any(char.IsUpper)
            ? char.ToLowerInvariant(text[0]) + text[1..]
            : text;
}
