namespace MerBench;

/// <summary>
/// Optional for datasets: says all that is wrong with the files at hand, where <see cref="IDataset.Load"/> stops. <c>merbench validate
/// --data</c> asks for it, and
/// decodes the clips.
/// </summary>
public interface IInspectable
{
    /// <summary>Looks at tables and files, without decoding audio.</summary>
    /// <param name="cancel">Cancels looking.</param>
    /// <exception cref="PluginUserException">So much is missing that nothing can be looked at.</exception>
    DatasetInspection Inspect(CancellationToken cancel);
}

/// <summary>What was found.</summary>
/// <param name="Emotions">Emotions with their scale; null where the table does not tell.</param>
/// <param name="Concepts">Concepts, if any.</param>
/// <param name="Clips">Clips whose audio is there, whatever else is wrong with them.</param>
/// <param name="Preparation">How clips become inputs.</param>
/// <param name="Issues">What is wrong, in the order of the table.</param>
public sealed record DatasetInspection(
    LabelSpace? Emotions,
    LabelSpace? Concepts,
    IReadOnlyList<Clip> Clips,
    Preparation Preparation,
    IReadOnlyList<DataIssue> Issues
);

/// <summary>What may be wrong with an entry of a dataset.</summary>
public enum DataIssueKind
{
    /// <summary>Something that a table or the dataset's definition names is not there.</summary>
    Missing,

    /// <summary>Something is there that nothing names; the dataset is usable without it.</summary>
    Extra,

    /// <summary>A file is there and cannot be read or decoded.</summary>
    Unreadable,

    /// <summary>Entries contradict each other or the declared scale.</summary>
    Mismatching,
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Message">What is wrong, and where: <c>ratings.csv, row 12: ...</c>.</param>
public sealed record DataIssue(DataIssueKind Kind, string Message);
