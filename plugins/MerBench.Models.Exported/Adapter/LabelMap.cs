using MerBench.Host.Text;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Reads the labels of a dataset out of a module's outputs.</summary>
/// <param name="space">Labels and scale of the dataset.</param>
/// <param name="what"><c>emotions</c> or <c>concepts</c>, as messages and options call them.</param>
/// <param name="output">The output that holds them; null for the first.</param>
/// <param name="choices">Where each label comes from; null where it is to be found.</param>
/// <param name="names">Names of columns; null where they have none.</param>
internal sealed class LabelMap(
    LabelSpace space,
    string what,
    string? output,
    IReadOnlyDictionary<string, OutputChoice>? choices,
    IReadOnlyList<string>? names
)
{
    /// <summary>How many labels there are.</summary>
    public int Count => space.Count;

    /// <exception cref="PluginUserException">The options name other labels than the dataset's.</exception>
    public void RequireNames()
    {
        if (choices is null)
            return;
        string[] unknown = [.. choices.Keys.Where(name => space.IndexOf(name) < 0)];
        if (unknown.Length > 0)
            throw new PluginUserException(
                $"'{what}' names {ShortList.Write(unknown)}, which the dataset does not rate; it rates "
                    + $"{ShortList.Write([.. space.Names], 20)}."
            );
        string[] missing = [.. space.Names.Where(name => Choice(name) is null)];
        if (missing.Length > 0)
            throw new PluginUserException(
                $"'{what}' says nothing of {ShortList.Write(missing)}, which the dataset rates; name an output for each, or leave labels "
                    + $"out of the dataset."
            );
    }

    /// <summary>Ratings <c>[B, E]</c> in the dataset's order and on its scale.</summary>
    /// <exception cref="PluginUserException">A label is not found; the message continues <c>FILE ...</c>.</exception>
    public Tensor Read(NamedOutputs outputs, long clips)
    {
        Tensor main = FindMain(outputs);
        if (choices is not null)
            return stack([.. space.Names.Select(name => Rating(outputs, main, clips, name, Choice(name)!))], 1);
        if (output is null && space.Names.All(name => outputs.Names?.Contains(name, StringComparer.OrdinalIgnoreCase) == true))
            return stack([.. space.Names.Select(name => Column(outputs, main, clips, name, OutputSquash.None))], 1);
        Tensor columns = OutputColumns.Read(main, clips);
        if (names is not null && names.Count == columns.shape[1] && space.Names.All(name => OutputName.Find(name, names, 0) >= 0))
            return stack([.. space.Names.Select(name => columns.select(1, OutputName.Find(name, names, 0)))], 1);
        if (columns.shape[1] == space.Count)
            return columns;
        throw new PluginUserException(
            $"returns {what} of shape {OutputColumns.Write(main)} for {clips} clips; expected [{clips}, {space.Count}]: "
                + $"{ShortList.Write([.. space.Names], 20)}. Say by '{what}' which output each of them is"
        );
    }

    /// <summary>The output that holds the labels.</summary>
    public Tensor FindMain(NamedOutputs outputs)
    {
        int found = output is null ? 0 : outputs.Find(output);
        string option = what == "emotions" ? "output" : "concept-output";
        return found >= 0
            ? outputs.Tensors[found]
            : throw new PluginUserException($"has no output '{output}', which '{option}' names; there is {outputs.Describe()}");
    }

    private OutputChoice? Choice(string name) =>
        choices!.FirstOrDefault(c => string.Equals(c.Key, name, StringComparison.OrdinalIgnoreCase)).Value;

    private Tensor Rating(NamedOutputs outputs, Tensor main, long clips, string name, OutputChoice choice)
    {
        Tensor answer = Column(outputs, main, clips, choice.From ?? name, choice.Through);
        return choice.Ends is { } ends
            ? ((answer - ends.Low) * ((space.Maximum - space.Minimum) / (ends.High - ends.Low))) + space.Minimum
            : answer;
    }

    private Tensor Column(NamedOutputs outputs, Tensor main, long clips, string from, OutputSquash through)
    {
        int ofOutput = outputs.Names is null || output is not null ? -1 : OutputName.Find(from, outputs.Names, 0);
        Tensor columns = OutputColumns.Read(ofOutput < 0 ? main : outputs.Tensors[ofOutput], clips);
        int column = ofOutput < 0 ? OutputName.Find(from, names, columns.shape[1]) : 0;
        if (column < 0 || column >= columns.shape[1])
            throw new PluginUserException(
                $"has no output '{from}', which '{what}' names; there is {OutputName.Describe(names, columns.shape[1])}"
            );
        return through switch
        {
            OutputSquash.Sigmoid => columns.select(1, column).sigmoid(),
            OutputSquash.Tanh => columns.select(1, column).tanh(),
            OutputSquash.Softmax => columns.softmax(1).select(1, column),
            _ => columns.select(1, column),
        };
    }
}
