namespace MerBench;

/// <summary>
/// Optional for models that are made from a file: looks at the file before anything is run, without torch and without code of the file.
/// <c>merbench validate</c> and a run ask for it before any recording is decoded; <c>merbench describe --model</c> shows it.
/// </summary>
public interface IStaticInspection : IModel
{
    /// <summary>Looks at the file. Called on a model that is not built.</summary>
    ModelFileReport Inspect();
}

/// <summary>What a model's file is, as far as it can be told without running it.</summary>
public sealed record ModelFileReport
{
    /// <summary>Why it cannot be used, as a sentence that begins with the file; null where it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>What a user should know, in sentences.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What it reads; null where only the model itself can tell.</summary>
    public Domain? Input { get; init; }

    /// <summary>Whether gradients flow to its input. Attacks that follow gradients are refused where they do not.</summary>
    public bool HasGradients { get; init; } = true;

    /// <summary>What else it is, in the order in which it is shown.</summary>
    public IReadOnlyList<ModelFileFact> Facts { get; init; } = [];
}

/// <summary>One thing about a file.</summary>
/// <param name="Name">What it is, such as <c>input</c>; may be there several times.</param>
/// <param name="Value">In words.</param>
public sealed record ModelFileFact(string Name, string Value);
