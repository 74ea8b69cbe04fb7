namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>The curves of a dataset's clips.</summary>
/// <param name="Space">The emotions, with their scale over time.</param>
/// <param name="Clips">All clips that the files speak of.</param>
/// <param name="LeaveOut">Whether clips that are not rated over time are left out, as in published datasets; a problem otherwise.</param>
internal sealed record Curves(LabelSpace Space, IReadOnlyDictionary<string, RatedClip> Clips, bool LeaveOut)
{
    /// <summary>The members that have a curve with all emotions.</summary>
    /// <param name="members">The clips of the table.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="leftOut">Takes what is to be said of clips that are left out.</param>
    /// <param name="problems">Takes it where none may be left out.</param>
    public List<Member> Rated(IReadOnlyList<Member> members, string table, List<string> leftOut, ProblemList problems)
    {
        var rated = new List<Member>(members.Count);
        foreach (Member member in members)
        {
            RatedClip? clip = Clips.GetValueOrDefault(member.Id);
            int missing = clip?.NeverRated(Space.Count) ?? 0;
            if (missing < 0)
                rated.Add(member);
            else
                Say(clip?.Row ?? member.Row, $"clip '{member.Id}' has no rating of '{Space.Names[missing]}' at any moment");
        }

        var known = members.Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, clip) in Clips)
            if (!known.Contains(id))
                Say(clip.Row, $"clip '{id}' has no row in '{table}'");
        return rated;

        void Say(Row row, string what)
        {
            if (LeaveOut)
                leftOut.Add($"{row.Place}: {what}; it is left out.");
            else
                problems.Add(row, $"{what}; add it, or take the clip out of both tables.", DataIssueKind.Missing);
        }
    }
}
