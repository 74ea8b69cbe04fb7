namespace MerBench;

/// <summary>
/// Marks a class as a plugin. The class implements the interface of its kind and has one public constructor that takes either nothing
/// or one options record; the host binds the YAML <c>with:</c> mapping strictly to that record.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public abstract class PluginAttribute : Attribute
{
    private protected PluginAttribute(string id) => Id = id;

    /// <summary>The name used in YAML, in kebab-case, unique within its kind.</summary>
    public string Id { get; }

    /// <summary>One line for <c>merbench list</c>.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Where the method comes from: a paper, an equation, a reference implementation.</summary>
    public string Source { get; set; } = "";
}

/// <summary>Marks an <see cref="IModel"/>.</summary>
public sealed class ModelAttribute(string id) : PluginAttribute(id)
{
    /// <summary>
    /// A promise about processors with AVX-512: every convolution that the model computes on the CPU in float32 or bfloat16, in
    /// <see cref="IModel.Forward"/>, in its gradients and in the form of <see cref="IFreezable"/>, has input and output channels in
    /// multiples of 16, but for a single input channel; or it computes none. Such convolutions are right where oneDNN 3.7 leaves the rest
    /// of a block of channels unset, so the host may let a benchmark of such models compute with AVX-512 there. False where nothing is
    /// promised.
    /// </summary>
    public bool FillsChannelBlocks { get; set; }

    /// <summary>
    /// True for a model that runs code which its options name, such as a module that another program wrote. The host treats its cells as
    /// those of strangers, whoever the plugin itself comes from.
    /// </summary>
    public bool RunsForeignCode { get; set; }
}

/// <summary>Marks an <see cref="IFrontEnd"/>.</summary>
public sealed class FrontEndAttribute(string id) : PluginAttribute(id);

/// <summary>Marks an <see cref="IAttack"/>.</summary>
public sealed class AttackAttribute(string id) : PluginAttribute(id)
{
    /// <summary>What it asks the model for; the host expects an attack that knows more to do more harm.</summary>
    public AttackKnowledge Knowledge { get; set; } = AttackKnowledge.Gradients;

    /// <summary>False for an attack that makes one step.</summary>
    public bool IsIterative { get; set; } = true;

    /// <summary>True for an attack that looks for the smallest perturbation that succeeds, not for the most harmful one within a
    /// budget.</summary>
    public bool MinimisesNorm { get; set; }
}

/// <summary>What an attack asks the attacked model for.</summary>
public enum AttackKnowledge
{
    /// <summary>Gradients: a white-box attack.</summary>
    Gradients,

    /// <summary>Predictions.</summary>
    Queries,

    /// <summary>Nothing about the clip: it is crafted on another model, or on other clips.</summary>
    Transfer,

    /// <summary>Predictions at random points, in no search: what every attack must beat.</summary>
    Noise,
}

/// <summary>Marks an <see cref="ICorruption"/>.</summary>
public sealed class CorruptionAttribute(string id) : PluginAttribute(id)
{
    /// <summary>False when the corruption changes what listeners feel (pitch, tempo, gain), so that the ratings no longer hold.</summary>
    public bool LabelPreserving { get; set; } = true;
}

/// <summary>Marks an <see cref="IDataset"/>.</summary>
public sealed class DatasetAttribute(string id) : PluginAttribute(id);

/// <summary>
/// Marks an <see cref="IMetric"/>, and says what reports call it. A metric that says nothing is called by its id, and no attack is doubted
/// because of it.
/// </summary>
public sealed class MetricAttribute(string id) : PluginAttribute(id)
{
    /// <summary>What it is called within a sentence, with its article: <c>the mean absolute error</c>. The id where it is empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>How tables and figures head it, such as <c>MAE</c>; the id in capitals where it is empty.</summary>
    public string Symbol { get; set; } = "";

    /// <summary>True for one that tables show where there is room for two metrics alone, errors before agreements.</summary>
    public bool IsHeadline { get; set; }

    /// <summary>
    /// Names of the objectives (<see cref="Objective.Names"/>, or directions) whose worst case shows in this metric. The host doubts an
    /// attack whose objective is none of those of the metrics that name some; a metric that names none is not asked.
    /// </summary>
    public string[] Objectives { get; set; } = [];
}

/// <summary>
/// What to cite where the plugin is used: a BibTeX entry, pasted as publishers offer it. <c>merbench report</c> puts it into a run's
/// bibliography, <c>merbench conform</c> asks whether it can be read.
/// Several may stand on a class, the most important first.
/// </summary>
/// <param name="bibTeX">One entry with key, author (or editor, or organization), title and year; <c>doi</c> without its resolver, an arXiv
/// number as <c>eprint</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ReferenceAttribute(string bibTeX) : Attribute
{
    /// <summary>The entry.</summary>
    public string BibTeX { get; } = bibTeX;

    /// <summary>The option in YAML, such as <c>momentum</c>, that the entry is about: it is cited where that is set, to other than null,
    /// false and zero. Empty for one that always is.</summary>
    public string Option { get; set; } = "";
}

/// <summary>
/// Marks a string option as the path of a file. The host resolves it against the folder of the benchmark file, reports a missing file at
/// its place in the YAML, and makes the file's content part of every key that depends on it.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class FilePathAttribute : Attribute;

/// <summary>Marks a string option as the path of a folder, resolved against the folder of the benchmark file; it must exist.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class DirectoryPathAttribute : Attribute
{
    /// <summary>
    /// A pattern such as <c>*.wav</c>, in any case, of the files that determine what the plugin does, in the folder and up to eight levels
    /// below. There must be one at least, and names and contents of all become part of every key that depends on the option; the folder's
    /// own path does not. Empty: the path is part of keys, and the plugin says by other means what it read, as a dataset does by its
    /// fingerprint.
    /// </summary>
    public string Files { get; set; } = "";
}

/// <summary>Marks a string option as the name of one of the benchmark's models, which the host checks, and whose content becomes part of
/// every key that depends on it.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class ModelNameAttribute : Attribute;

/// <summary>
/// Marks an options record whose properties with <c>init</c> are keys, besides the parameters of its constructor: for records with too many
/// keys for a parameter list, and for those that share keys by inheritance. Such properties are nullable; null says that the key was left
/// out.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BindPropertiesAttribute : Attribute;

/// <summary>
/// What a plugin throws when the user can mend the cause: an unusable file, options that contradict each other. The host shows
/// the message alone, without a stack trace.
/// </summary>
public class PluginUserException : Exception
{
    /// <summary>Creates the exception with an empty message.</summary>
    public PluginUserException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public PluginUserException(string message)
        : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public PluginUserException(string message, Exception innerException)
        : base(message, innerException) { }
}
