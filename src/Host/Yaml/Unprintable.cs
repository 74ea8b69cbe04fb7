using System.Globalization;
using MerBench.Host.Text;

namespace MerBench.Host.Yaml;

/// <summary>Finds characters that YAML does not allow anywhere. Of the parser's own accord a zero byte would end the document.</summary>
internal static class Unprintable
{
    // What stands for bytes that are no UTF-8.
    private const char Replacement = '\ufffd';

    public static BenchmarkProblem? Find(string text, string file)
    {
        long line = 1,
            column = 1;
        for (int i = 0; i < text.Length; i++)
        {
            if (!IsAllowed(text, i))
                return new BenchmarkProblem(
                    new SourceLocation(file, line, column),
                    text[i] == Replacement ? "what stands here is no text in UTF-8" : Describe(text[i]),
                    "save the file as text in UTF-8"
                );
            column++;
            if (text[i] != '\n')
                continue;
            line++;
            column = 1;
        }

        return null;
    }

    private static string Describe(char unprintable) =>
        string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)unprintable:X4} stands here, which YAML does not allow");

    private static bool IsAllowed(string text, int at) =>
        text[at] switch
        {
            '\t' or '\n' or '\r' or '\u0085' => true,
            < ' ' or (>= '\u007f' and <= '\u009f') or Replacement or '\ufffe' or '\uffff' => false,
            var c when char.IsHighSurrogate(c) => at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]),
            var c when char.IsLowSurrogate(c) => at > 0 && char.IsHighSurrogate(text[at - 1]),
            _ => true,
        };
}
