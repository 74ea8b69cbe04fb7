namespace MerBench.Tool.Manual;

/// <summary>How verbs are called, in their help and in the manual; a test runs each of them in a folder with a benchmark bench.yaml, its
/// results in merbench-results/bench, and logs of attacks in logs.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, Example[]> OfVerbs = new(StringComparer.Ordinal)
    {
        ["run"] =
        [
            new("Run a benchmark; its results go to merbench-results/NAME", "merbench run bench.yaml"),
            new("Results and tables alone, quietly, in a folder of their own", "merbench run bench.yaml --no-report -q -o results"),
            new("A half of the cells, for two machines that share a folder", "merbench run bench.yaml --shard 1/2"),
        ],
        ["plan"] = [new("Write down what a study will compute", "merbench plan bench.yaml -o plan")],
        ["merge"] = [new("Sum up what shards kept in their stores", "merbench merge bench.yaml .merbench")],
        ["watch"] = [new("Follow the newest run from another terminal", "merbench watch")],
        ["verify"] =
        [
            new("Compare with bench.verified.json, which was accepted", "merbench verify bench.yaml"),
            new("The same for a build server that reads JUnit", "merbench verify bench.yaml --junit robustness.xml --no-diff"),
        ],
        ["accept"] = [new("Accept what verify received", "merbench accept bench.yaml")],
        ["list"] =
        [
            new("All plugins", "merbench list"),
            new("Those beside a benchmark file too, for a script", "merbench list bench.yaml --json"),
        ],
        ["describe"] = [new("A plugin's options, with defaults and ranges", "merbench describe pgd")],
        ["validate"] =
        [
            new("Find mistakes before anything runs, and list the cells", "merbench validate bench.yaml"),
            new("Look at the data too", "merbench validate bench.yaml --data"),
        ],
        ["schema"] = [new("Let an editor complete benchmark files", "merbench schema -o merbench.schema.json")],
        ["query"] =
        [
            new("List tables and columns", "merbench query --tables"),
            new(
                "Mean harm by model, as CSV",
                "merbench query 'select model, avg(\"mae.harm\") as harm from cells group by model' merbench-results/bench --format csv"
            ),
        ],
        ["report"] =
        [
            new("Write the page again", "merbench report merbench-results/bench"),
            new("Tables, methods and bibliography for a paper", "merbench report merbench-results/bench --format latex -o tables.tex"),
        ],
        ["archive"] =
        [
            new("Pack a run for Zenodo", "merbench archive merbench-results/bench --license CC-BY-4.0"),
            new("Ask the archive", "merbench query 'select * from cells' bench.zip"),
        ],
        ["export-audio"] = [new("Hear what one perturbation did", "merbench export-audio bench.yaml --perturbation noise -o sounds")],
        ["export-mlflow"] =
        [
            new("Into MLflow's folder, which 'mlflow ui' shows", "merbench export-mlflow merbench-results/bench"),
            new("From an archive, under a name", "merbench export-mlflow bench.zip --experiment study --to mlruns"),
        ],
        ["compare"] =
        [
            new("What moved between two runs, beyond noise", "merbench compare merbench-results/bench results"),
            new("The same as Markdown", "merbench compare merbench-results/bench results --format markdown"),
        ],
        ["leaderboard"] = [new("Rank the models of all runs, as a site", "merbench leaderboard merbench-results -o site")],
        ["audit"] = [new("Recompute a claim from its logs", "merbench audit logs -o audit")],
        ["conform"] = [new("Test what a plugin promises", "merbench conform mae")],
        ["doctor"] = [new("Say what is missing on this machine", "merbench doctor")],
        ["cache"] =
        [
            new("How much finished work is kept", "merbench cache"),
            new("Delete what is old", "merbench cache --clear --older-than 30d"),
        ],
        ["self-test"] = [new("Does libtorch compute rightly here?", "merbench self-test")],
        ["init"] =
        [
            new("Start with small models on procedural music", "merbench init quickstart.yaml"),
            new("One attack on a model, of your data with --data DIR", "merbench init own.yaml --model ridge --attack apgd"),
            new("Let GitHub verify a benchmark at each change", "merbench init bench.yaml --ci github"),
        ],
        ["completion"] =
        [
            new("Complete words in this bash", "eval \"$(merbench completion bash)\""),
            new("Complete words in each fish", "merbench completion fish > merbench.fish"),
        ],
        ["man"] = [new("Read the manual", "merbench man > merbench.1 && man ./merbench.1")],
    };

    /// <summary>None for a verb that nobody calls by hand.</summary>
    public static IReadOnlyList<Example> Find(string verb) => OfVerbs.GetValueOrDefault(verb, []);
}
