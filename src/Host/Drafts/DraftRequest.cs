namespace MerBench.Host.Drafts;

/// <summary>What a benchmark is begun with.</summary>
/// <param name="Data">A folder with audio and a table of ratings; null for procedural music.</param>
/// <param name="Ratings">The table, where it is not the one in the folder.</param>
/// <param name="Model">A model's file, or a plugin's id; null for small models that are trained.</param>
/// <param name="Attack">A plugin's id, of an attack or a corruption; null for the usual ones.</param>
public sealed record DraftRequest(string? Data, string? Ratings, string? Model, string? Attack)
{
    /// <summary>Whether nothing was asked for, so that a ready benchmark does.</summary>
    public bool IsEmpty => Data is null && Ratings is null && Model is null && Attack is null;
}
