using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MerBench.Host.Bibliography;

/// <summary>A <see cref="ReferenceAttribute"/> as read from a plugin.</summary>
/// <param name="Option">The option that it is about; empty where it is about the plugin.</param>
public sealed record PluginReference(string BibTex, string Option)
{
    /// <summary>For people; says so where the entry cannot be read.</summary>
    [JsonIgnore]
    public string Citation => Problem is { } problem ? $"(no BibTeX: {problem})" : BibTexReader.ReadOne(BibTex).ToCitation();

    /// <summary>Why it is no entry that a bibliography can hold; null when it is one.</summary>
    [JsonIgnore]
    public string? Problem
    {
        get
        {
            try
            {
                BibTexReader.ReadOne(BibTex);
                return null;
            }
            catch (FormatException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Whether it is to be cited for a use with these options.</summary>
    /// <param name="optionsJson">The options in canonical JSON.</param>
    internal bool Concerns(string optionsJson) =>
        Option.Length == 0 || JsonNode.Parse(optionsJson)?[Option]?.ToJsonString() is not (null or "null" or "false" or "0");
}
