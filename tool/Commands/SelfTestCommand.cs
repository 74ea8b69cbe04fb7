using System.CommandLine;
using MerBench.Host.Arithmetic;
using MerBench.Host.Results;
using MerBench.Host.Storage;
using MerBench.Host.Torch;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

/// <summary>Tests how libtorch computes on this processor, and says what to set for programs that load it themselves.</summary>
internal static class SelfTestCommand
{
    public static Command Create()
    {
        Option<string?> libtorch = CommonOptions.LibTorch();
        Option<string?> cache = new("--cache")
        {
            Description = "Folder in which the verdict is kept. Default: MERBENCH_CACHE, else ~/.merbench.",
            HelpName = "DIR",
        };
        Option<bool> export = new("--export")
        {
            Description =
                "Write what a shell has to set for programs that load libtorch themselves: eval \"$(merbench self-test --export)\".",
        };
        Option<bool> json = CommonOptions.Json("the verdict");
        Option<bool> here = new("--here") { Description = "Test this process as it is set, and nothing else.", Hidden = true };
        var command = new Command(
            "self-test",
            "Compare libtorch's arithmetic on this processor with float64, and find the fastest setting that computes rightly."
        )
        {
            libtorch,
            cache,
            export,
            json,
            here,
        };
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Interruption.Guard(stop =>
                    {
                        TorchBackend backend = TorchBackend.Select(parsed.GetValue(libtorch));
                        if (parsed.GetValue(here))
                            return TestHere(backend, parsed.GetValue(json));
                        string folder = parsed.GetValue(cache) ?? CommonOptions.UserCache;
                        var choice = ArithmeticChoice.Make(
                            backend,
                            new StoreFolder(folder),
                            ToolProgram.SelfTest,
                            inWholeBlocks: false,
                            stop
                        );
                        if (parsed.GetValue(json))
                            Terminal.WriteJson(choice);
                        else if (parsed.GetValue(export))
                            Export(choice);
                        else
                            Write(choice);
                        return ExitCode.Fine;
                    })
                )
        );
        return command;
    }

    private static int TestHere(TorchBackend backend, bool json)
    {
        ArithmeticFindings findings = ArithmeticChoice.TestThisProcess(backend, null);
        if (json)
            Terminal.WriteJson(findings);
        else
            foreach (string line in Describe(findings))
                Terminal.WriteLine(line);
        return json || findings.Faults.Count == 0 ? ExitCode.Fine : ExitCode.EnvironmentWrong;
    }

    private static IEnumerable<string> Describe(ArithmeticFindings findings) =>
        [
            new ArithmeticTry("", findings, null).Describe(),
            FormattableString.Invariant(
                $"a convolution of 64 channels and its gradients: {findings.Speed.Fp32:0.00} ms, in bf16 {findings.Speed.Bf16:0.00} ms"
            ),
            .. findings.Faults.Select(f => f.ToString()),
        ];

    private static void Write(ArithmeticChoice choice)
    {
        Terminal.WriteLine($"{Processor.Name}, {choice.InstructionSet}");
        if (choice.Verdict is null)
            Terminal.WriteLine($"chosen by the process that started this one ({ArithmeticChoice.ChosenVariable} is set)");
        foreach (ArithmeticTry tried in choice.Verdict?.Tries ?? [])
            Terminal.WriteLine($"{tried.Setting}: {tried.Describe()}");
        if (choice.Remark is { } remark)
            Terminal.WriteLine(remark);
    }

    private static void Export(ArithmeticChoice choice)
    {
        foreach ((string name, string value) in choice.Setting.Variables.Append(new(ArithmeticChoice.ChosenVariable, "chosen")))
            Console.Out.WriteLine($"export {name}={value}");
    }
}
