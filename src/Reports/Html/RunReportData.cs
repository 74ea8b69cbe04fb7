using MerBench.Analysis.Queries;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>What the sections of a run's report read.</summary>
internal sealed class RunReportData
{
    /// <param name="database">The run's tables alone, without those of other runs.</param>
    public RunReportData(RunFolder run, RunResults results, RunDatabase database)
    {
        (Run, Results, Database) = (run, results, database);
        Models = [.. results.Summary.Select(s => s.Model).Distinct(StringComparer.Ordinal)];
        Names = results
            .Summary.DistinctBy(s => s.Perturbation)
            .ToDictionary(s => s.Perturbation, s => LabelMark.Name(s.Perturbation, s.LabelPreserving), StringComparer.Ordinal);
        Errors = File.Exists(run.ClipsPath) ? RunErrors.Compute(database, results) : new RunErrors([], []);
        Strongest = Errors.StrongestOfEach();
        Conditions = ConditionData.Create(results, Errors, Strongest);
    }

    public RunFolder Run { get; }

    public RunResults Results { get; }

    /// <summary>Whether the page may hold sounds of the dataset.</summary>
    public bool WithSounds { get; init; } = true;

    public RunDatabase Database { get; }

    /// <summary>Models in the order of the benchmark.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>Their places in it, as SQL.</summary>
    public string ModelPlaces
    {
        get
        {
            IEnumerable<string> rows = Models.Select((m, place) => FormattableString.Invariant($"({DuckDb.Text(m)}, {place})"));
            return $"VALUES {string.Join(", ", rows)}";
        }
    }

    /// <summary>Perturbations as the page and its filters show them, by their names.</summary>
    public IReadOnlyDictionary<string, string> Names { get; }

    /// <summary>Errors by cell and condition, empty where no cell was finished.</summary>
    public RunErrors Errors { get; }

    /// <summary>Each perturbation at the strength that does most harm, over models and seeds; in the order of the benchmark.</summary>
    public IReadOnlyList<Condition> Strongest { get; }

    /// <summary>Each model under each perturbation of each strength: the table that most charts show.</summary>
    public PageData Conditions { get; }
}
