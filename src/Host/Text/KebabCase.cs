using System.Text.Json;

namespace MerBench.Host.Text;

/// <summary>How names of C# are written in YAML: <c>StepSize</c> is <c>step-size</c>.</summary>
public static class KebabCase
{
    public static string Convert(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
