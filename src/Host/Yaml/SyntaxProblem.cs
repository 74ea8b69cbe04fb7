using MerBench.Host.Text;
using YamlDotNet.Core;

namespace MerBench.Host.Yaml;

/// <summary>YAML that is none the worse for it, and asks for more than is read.</summary>
internal sealed class TooMuchException(Mark start, Mark end, string what) : YamlException(start, end, what);

/// <summary>Says what a YAML syntax error means, in place of the scanner's state.</summary>
internal static class SyntaxProblem
{
    public static BenchmarkProblem From(YamlException error, string text, string file)
    {
        var at = new SourceLocation(file, Math.Max(1, error.Start.Line), Math.Max(1, error.Start.Column));
        if (error is TooMuchException)
            return new BenchmarkProblem(at, error.Message, "no benchmark needs so much");
        string[] lines = text.Split('\n');
        // The parser may name the mapping's beginning and not the tab's line.
        long last = error.Message.Contains("tab", StringComparison.Ordinal) ? lines.Length : Math.Min(lines.Length, error.End.Line + 1);
        for (int line = 0; line < last; line++)
        {
            int tab = lines[line].IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && string.IsNullOrWhiteSpace(lines[line][..tab]))
                return new BenchmarkProblem(
                    new SourceLocation(file, line + 1, tab + 1),
                    "a tab indents this line, and YAML allows only spaces",
                    "replace it by spaces"
                );
        }

        string message = VariableSubstitution.Unmask(error.Message);
        return new BenchmarkProblem(
            at,
            $"this is not YAML: {message.TrimEnd('.')}",
            "check brackets, quotes, colons and indentation here and in the line above"
        );
    }
}
