namespace MerBench.Models.Exported.Adapter;

/// <summary>Reads what a model predicts out of what a module returned.</summary>
internal interface IAnswerReader
{
    /// <param name="outputs">Of the module.</param>
    /// <param name="clips">How many clips it was asked for.</param>
    /// <exception cref="PluginUserException">It returned something else; the message continues <c>FILE ...</c>.</exception>
    ModelOutput Read(NamedOutputs outputs, long clips);
}
