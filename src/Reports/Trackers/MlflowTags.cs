namespace MerBench.Reports.Trackers;

/// <summary>Tags of a run, with those by which MLflow shows its name and puts it below another.</summary>
internal static class MlflowTags
{
    public static string User => Environment.UserName;

    public static IEnumerable<KeyValuePair<string, string>> List(TrackedRun run, string? parent)
    {
        foreach (KeyValuePair<string, string> tag in run.Tags)
            yield return tag;
        yield return new("mlflow.runName", run.Name);
        yield return new("mlflow.user", User);
        if (parent is not null)
            yield return new("mlflow.parentRunId", parent);
    }
}
