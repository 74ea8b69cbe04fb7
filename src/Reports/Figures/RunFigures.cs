using MerBench.Analysis.Queries;
using MerBench.Host;
using MerBench.Host.Results;

namespace MerBench.Reports.Figures;

/// <summary>
/// The figures of a run. Of each perturbation, at the strength that does most harm, <c>harm-NAME</c> over seeds and <c>ratings-NAME</c> of
/// the first seed; <c>budget-NAME</c>; and <c>severities</c>, <c>emotions</c>,
/// <c>concepts</c> and <c>training-cost</c> of all. Those that the run has no numbers for are left out.
/// </summary>
public static class RunFigures
{
    private const float PageHeight = 8.5f * 72;
    private const string NotInFileNames = "<>:\"/\\|?*";

    /// <summary>Writes those of every run, quickly: in one column, as PNG and SVG.</summary>
    internal static void WriteStandard(RunResults results, RunFolder run, string folder)
    {
        foreach (RunFigure figure in List(results, run).Where(f => f.IsStandard))
            FigureWriter.Write(figure.Draw(figure.Narrowest), Path.Combine(folder, figure.Name), FigureFiles.Png | FigureFiles.Svg);
    }

    /// <summary>Writes all, as PNG, SVG and PDF.</summary>
    /// <returns>The files.</returns>
    /// <exception cref="UserErrorException">No figures can be drawn on this machine.</exception>
    public static IReadOnlyList<string> WriteAll(RunResults results, RunFolder run, string folder, FigureWidth width)
    {
        if (FigureWriter.Obstacle() is { } obstacle)
            throw new UserErrorException($"No figures can be drawn: {obstacle}.", ErrorKind.Environment);
        return
        [
            .. List(results, run)
                .SelectMany(f => FigureWriter.Write(f.Draw(f.Fitting(width)), Path.Combine(folder, f.Name), FigureFiles.All)),
        ];
    }

    internal static IReadOnlyList<RunFigure> List(RunResults results, RunFolder run)
    {
        var figures = new List<RunFigure>();
        using RunDatabase? database = File.Exists(run.ClipsPath) ? RunDatabase.Open([run]) : null;
        foreach (
            IGrouping<string, ConditionStatistics> perturbation in results.Statistics.GroupBy(s => s.Perturbation, StringComparer.Ordinal)
        )
        {
            if (database is not null)
                figures.AddRange(OfClips(perturbation.MaxBy(c => c.MeanHarm)!, new ClipData(database, results.Dataset.Emotions)));
            figures.AddRange(RunFigureData.Budgets(results, perturbation));
        }

        return
        [
            .. WithNamesOfTheirOwn(figures),
            .. RunFigureData.Severities(results),
            .. RunFigureData.Emotions(results),
            .. RunFigureData.Concepts(results),
            .. RunFigureData.Cost(results),
        ];
    }

    internal static string Title(ConditionStatistics condition)
    {
        string title = $"{condition.Perturbation} {condition.Strength}".Trim();
        return condition.LabelPreserving ? title : $"{title} (changes what listeners feel)";
    }

    /// <summary>A name of a perturbation within that of a file, on any system: results travel.</summary>
    internal static string FileName(string perturbation) =>
        string.Concat(perturbation.Select(c => NotInFileNames.Contains(c, StringComparison.Ordinal) ? '-' : c));

    // Two names may differ in nothing else.
    internal static IEnumerable<RunFigure> WithNamesOfTheirOwn(IEnumerable<RunFigure> figures)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (RunFigure figure in figures)
        {
            string name = figure.Name;
            for (int n = 2; !taken.Add(name); n++)
                name = FormattableString.Invariant($"{figure.Name}-{n}");
            yield return figure with
            {
                Name = name,
            };
        }
    }

    private static IEnumerable<RunFigure> OfClips(ConditionStatistics worst, ClipData clips)
    {
        string name = FileName(worst.Perturbation),
            title = Title(worst);
        IReadOnlyList<(string System, IReadOnlyList<double> Harms)> harms = clips.Harms(worst);
        if (harms.Any(s => s.Harms.Count > 1))
        {
            yield return new RunFigure(
                $"harm-{name}",
                $"Harm of {title} over seeds: quartiles, whiskers of 1.5 interquartile ranges, and what lies beyond.",
                IsStandard: true,
                harms.Count > 8 ? FigureWidth.Two : FigureWidth.One,
                width => HarmFigure.Draw(title, harms, width)
            );
        }

        IReadOnlyList<ClipLog> logs = clips.FirstSeeds(worst);
        if (logs.Count == 0)
            yield break;
        FigureWidth narrowest = logs.Count > RatingsFigure.MostInOneColumn ? FigureWidth.Two : FigureWidth.One;
        yield return new RunFigure(
            $"ratings-{name}",
            $"Predictions against ratings before and after {title}; each model's first seed, the emotions that were harmed most.",
            IsStandard: true,
            narrowest,
            width => RatingsFigure.Draw(logs, MostHarmed(logs, width), width)
        );
    }

    // As many as a page has room for, in the dataset's order.
    private static string[] MostHarmed(IReadOnlyList<ClipLog> logs, FigureWidth width)
    {
        IReadOnlyList<string> emotions = logs[0].Emotions;
        int rows = Math.Max(1, Math.Min(emotions.Count, (int)(PageHeight / RatingsFigure.PanelHeight(logs.Count, width))));
        return
        [
            .. Enumerable
                .Range(0, emotions.Count)
                .OrderByDescending(e => logs.Average(log => log.Rows.Average(r => r.HarmOfEmotion(e))))
                .Take(rows)
                .Order()
                .Select(e => emotions[e]),
        ];
    }
}
