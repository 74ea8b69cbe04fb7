namespace MerBench.Host.Text;

/// <summary>One mistake in a benchmark file.</summary>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="Hint">What to do, such as the nearest valid name; possibly empty.</param>
public sealed record BenchmarkProblem(SourceLocation At, string Message, string Hint = "")
{
    private const int MostOfMessage = 1000;

    public override string ToString()
    {
        string hint = Hint.Length == 0 ? "" : $"; {GuestText.CutAndEscape(Hint, MostOfMessage)}";
        return $"{At}: {GuestText.CutAndEscape(Message, MostOfMessage)}{hint}";
    }
}
