namespace MerBench.Datasets.Cues.Design;

/// <summary>
/// Divides a clip into sections. Each differs from the one before in mode, tempo or dynamics alone: the mode flips, tempo and dynamics go
/// half their range up or down, whichever stays within it, so that the factors fill their ranges in every section.
/// </summary>
internal static class SectionPlan
{
    /// <summary>Clips must have as many seconds a section: slow music needs them to be heard.</summary>
    public const double ShortestShare = 3;

    // Of a section's share of the clip, to either side of the middle between two sections.
    private const double Scatter = 0.3;

    private const double HalfOfDynamics = (Cue.LoudestDynamics - Cue.SoftestDynamics) / 2,
        MiddleDynamics = (Cue.LoudestDynamics + Cue.SoftestDynamics) / 2;

    public static IReadOnlyList<Section> Plan(CueDesign design, int clip, Cue first, SectionOptions options)
    {
        double[] starts = Starts(design.StreamOf(clip, "sections"), options);
        var sections = new List<Section>();
        Cue cue = first;
        for (int s = 0; s < options.Sections; s++)
        {
            Change? change = s == 0 ? null : design.ChangeOf(clip, s);
            cue = change is { } factor ? Apply(factor, cue) : cue;
            double end = s + 1 < starts.Length ? starts[s + 1] : options.Seconds;
            sections.Add(new Section(starts[s], end - starts[s], cue, change));
        }

        return sections;
    }

    private static double[] Starts(RandomStream random, SectionOptions options)
    {
        var starts = new double[options.Sections];
        double share = options.Seconds / options.Sections;
        for (int s = 1; s < starts.Length; s++)
        {
            int earliest = (int)Math.Ceiling((s - Scatter) * share / options.Hop),
                latest = (int)Math.Floor((s + Scatter) * share / options.Hop);
            starts[s] = (earliest + random.NextInt32(latest - earliest + 1)) * options.Hop;
        }

        return starts;
    }

    private static Cue Apply(Change change, Cue cue) =>
        change switch
        {
            Change.Mode => cue with { Minor = !cue.Minor },
            Change.Tempo => cue with { Tempo = HalfARangeAway(cue) },
            _ => cue with { Dynamics = cue.Dynamics + (cue.Dynamics < MiddleDynamics ? HalfOfDynamics : -HalfOfDynamics) },
        };

    private static double HalfARangeAway(Cue cue)
    {
        double half = Math.Sqrt(Cue.FastestTempo / Cue.SlowestTempo);
        return cue.RelativeTempo < 0.5 ? cue.Tempo * half : cue.Tempo / half;
    }
}
