using System.Globalization;

namespace MerBench.Perf;

/// <summary>What the command line asks of a harness.</summary>
/// <param name="Rounds">How often each thing is measured.</param>
/// <param name="Steps">Attack steps a measurement.</param>
/// <param name="Threads">Threads of either side.</param>
/// <param name="Batch">Clips that MerBench attacks together.</param>
/// <param name="Python">A Python with PyTorch.</param>
/// <param name="TrainingSteps">Attack steps of adversarial training; the study's are 50.</param>
/// <param name="Checkout">A checkout of the study's repository, or null.</param>
internal sealed record HarnessOptions(int Rounds, int Steps, int Threads, int Batch, int TrainingSteps, string Python, string? Checkout)
{
    public static HarnessOptions Read(string[] words) =>
        new(
            Options.Number(words, "--rounds", 7),
            Options.Number(words, "--steps", 25),
            Options.Number(words, "--threads", Environment.ProcessorCount),
            Options.Number(words, "--batch", 4),
            Options.Number(words, "--training-steps", 50),
            Options.Text(words, "--python", "python3"),
            Options.Text(words, "--paper", "") is { Length: > 0 } checkout ? Path.GetFullPath(checkout) : null
        );

    /// <summary>The same, to be repeated.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"--rounds {Rounds} --steps {Steps} --threads {Threads} --batch {Batch} --training-steps {TrainingSteps} --python "
                + $"{Python}{(Checkout is null ? "" : " --paper DIR")}"
        );
}
