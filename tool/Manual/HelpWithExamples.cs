using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MerBench.Tool.Manual;

/// <summary>The help of a verb, and how it is called.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Makes the help of all verbs end with examples.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = help.Invoke(parseResult);
        IReadOnlyList<Example> examples = Examples.Find(parseResult.CommandResult.Command.Name);
        if (examples.Count == 0)
            return exitCode;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (Example example in examples)
        {
            output.WriteLine($"  {example.Purpose}:");
            output.WriteLine($"    {example.Command}");
        }

        output.WriteLine();
        return exitCode;
    }
}
