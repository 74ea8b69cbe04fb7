using System.Text.RegularExpressions;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Drafts;

/// <summary>A benchmark file to start from, made of what somebody has: it is valid when it is written.</summary>
/// <param name="Text">The file.</param>
/// <param name="Remarks">What was guessed, and what to know of the model, in sentences.</param>
public sealed partial record BenchmarkDraft(string Text, IReadOnlyList<string> Remarks)
{
    private const string Cues = "dataset: { use: cues, with: { clips: 400, seconds: 4 } }\n";
    private const string Training = "train: { epochs: 40, batch: 8, learning-rate: 4e-3, patience: 15 }";
    private const string SmallModels =
        "  direct: { use: vgg, with: { head: direct, width: 0.125, dropout: 0.1 }, " + Training + " }\n  ridge: { use: ridge }\n";
    private const string Noise = "  noise: { use: noise, severities: [1, 3, 5] }\n";

    /// <param name="path">Where it will lie.</param>
    /// <exception cref="UserErrorException">Data or a model cannot be used, or no benchmark can be made of them.</exception>
    public static BenchmarkDraft Create(DraftRequest request, string path, PluginCatalog catalog)
    {
        if (request is { Ratings: not null, Data: null })
            throw new UserErrorException("--ratings belongs to --data: name the folder of the audio too.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        DataDraft data = request.Data is { } place ? DataDraft.Guess(place, request.Ratings, folder) : new DataDraft(Cues, []);
        ModelFileDescription? file = request.Model is { } name && File.Exists(name) ? ModelFileReader.Read(name, catalog) : null;
        BenchmarkReading? first = null;
        foreach (string model in Models(request.Model, file, folder, catalog))
        foreach (string attack in Perturbations(request.Attack, catalog))
        {
            string text = Write(path, data.Yaml + FrontEnd(file), model, attack);
            BenchmarkReading reading = BenchmarkReader.Parse(text, path, catalog);
            if (reading.Definition is not null)
                return new BenchmarkDraft(
                    text,
                    [.. data.Remarks, .. DescribeAnswers(file, request.Model, data), .. file?.Remarks ?? [], .. reading.Remarks]
                );
            first ??= reading;
        }

        IEnumerable<string> problems = first!.Problems.Select(p => p.Message).Distinct(StringComparer.Ordinal);
        throw new UserErrorException($"These do not go together as they are: {string.Join("; ", problems)}.");
    }

    // Other programs read recordings as they are; the default front end normalises each to full scale and trims it.
    private static string FrontEnd(ModelFileDescription? file) =>
        file?.Facts.Any(f => f is { Name: "input", Value: "waveform" }) == true
            ? "front-end: log-mel   # recordings reach the model as they are; the default, madmom-log, normalises and trims them\n"
            : "";

    private static IEnumerable<string> DescribeAnswers(ModelFileDescription? file, string? model, DataDraft data) =>
        file is not null && data.ScaleOfAnswers is { } answers
            ? [$"Model {NameOf(Path.GetFileNameWithoutExtension(model!))} {answers}"]
            : [];

    private static string Write(string path, string data, string models, string perturbations) =>
        $"""
            # yaml-language-server: $schema=merbench.schema.json
            # Written by 'merbench init'; 'merbench describe ID' tells the options of what is used.
            name: {YamlText.Quote(NameOf(Path.GetFileNameWithoutExtension(path)))}
            {data.TrimEnd('\n')}
            models:
            {models.TrimEnd('\n')}
            perturbations:
            {perturbations.TrimEnd('\n')}
            seeds: [1]
            metrics: [mae, rmse, pearson, ccc, r2]

            """.ReplaceLineEndings("\n");

    // Some models must be trained, others cannot be.
    private static IEnumerable<string> Models(string? model, ModelFileDescription? file, string folder, PluginCatalog catalog)
    {
        if (model is null)
            return [SmallModels];
        if (file is { Use: null })
            throw new UserErrorException(
                $"{model} holds weights alone. Export the model to TorchScript or ONNX, or name a plugin that has its code."
            );
        if (file is not null)
        {
            string name = NameOf(Path.GetFileNameWithoutExtension(model));
            return [$"  {name}: {{ use: {file.Use}, with: {{ path: {YamlText.Path(model, folder)} }} }}\n"];
        }

        RequirePlugin(model, [PluginKind.Model], catalog, "--model", " or a file");
        return [$"  {model}: {{ use: {model} }}\n", $"  {model}: {{ use: {model}, {Training} }}\n"];
    }

    // Attacks have budgets, or look for the smallest perturbation; corruptions have severities.
    private static IEnumerable<string> Perturbations(string? attack, PluginCatalog catalog)
    {
        if (attack is null)
            return ["  pgd: { use: pgd, with: { steps: 10 }, budgets: { linf: [0.003, 0.01, 0.03] } }\n" + Noise];
        PluginDescriptor plugin = RequirePlugin(attack, [PluginKind.Attack, PluginKind.Corruption], catalog, "--attack", "");
        string use = $"  {attack}: {{ use: {attack}";
        return plugin.Kind == PluginKind.Corruption
            ? [$"{use}, severities: [1, 3, 5] }}\n", $"{use} }}\n"]
            :
            [
                $"{use}, budgets: {{ linf: [0.003, 0.01, 0.03] }} }}\n" + Noise,
                $"{use}, budgets: {{ l2: [1, 3, 10] }} }}\n" + Noise,
                $"{use} }}\n" + Noise,
            ];
    }

    private static PluginDescriptor RequirePlugin(string id, PluginKind[] kinds, PluginCatalog catalog, string option, string otherwise)
    {
        PluginDescriptor[] fitting = [.. kinds.SelectMany(catalog.Ready)];
        return Array.Find(fitting, p => p.Id == id)
            ?? throw new UserErrorException(
                $"{option}: there is no {string.Join(" or ", kinds.Select(k => k.ToString().ToLowerInvariant()))} '{id}'{otherwise}; "
                    + $"{NearestName.Hint(id, fitting.Select(p => p.Id), "see 'merbench list'")}"
            );
    }

    // Names of models and benchmarks become names of folders and columns.
    private static string NameOf(string text)
    {
        string name = NotInNames().Replace(text, "-").Trim('-');
        return name.Length > 0 ? name : "benchmark";
    }

    [GeneratedRegex("[^A-Za-z0-9_-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInNames();
}
