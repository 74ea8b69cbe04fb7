using MerBench.Host.Storage;
using MerBench.Host.Torch;

namespace MerBench.Host.Arithmetic;

/// <summary>
/// Chooses how libtorch computes in this process, before it is loaded: the fastest setting under which a self-test finds everything
/// right. What was found is kept in the cache folder; processes that are started from here inherit the choice.
/// </summary>
/// <param name="Setting">The chosen setting.</param>
/// <param name="InstructionSet">What convolutions are computed with.</param>
/// <param name="Verdict">What was tried; null where another process chose.</param>
/// <param name="Remark">What is wrong, what is done, and what it costs, in one line; null when all is well.</param>
public sealed record ArithmeticChoice(ArithmeticSetting Setting, string InstructionSet, ArithmeticVerdict? Verdict, string? Remark)
{
    /// <summary>Says to processes that are started from here that their arithmetic is chosen.</summary>
    public const string ChosenVariable = "MERBENCH_ARITHMETIC";

    // What the variable says: whether everything is right, or what models in whole blocks of channels use.
    private const string ForAllModels = "chosen",
        ForWholeBlocks = "chosen-for-whole-blocks";

    private static ArithmeticChoice? s_made;

    /// <summary>Whether attacks in bf16 are worth it on the CPU.</summary>
    internal bool HasBFloat16 => Arithmetic.InstructionSet.HasBFloat16(InstructionSet);

    /// <summary>How many times as long as in fp32 a convolution takes in bf16, where that was measured.</summary>
    internal double? SlownessOfBFloat16 =>
        Verdict?.Tries.FirstOrDefault(t => t.Setting == Setting.Name)?.Findings?.Speed is { } speed ? speed.Bf16 / speed.Fp32 : null;

    /// <summary>What the tool is started with to test itself.</summary>
    public static IReadOnlyList<string> SelfTestArguments { get; } = ["self-test", "--here", "--json"];

    /// <summary>Chooses, tells this process and those that it starts, and loads libtorch.</summary>
    /// <param name="backend">The libtorch.</param>
    /// <param name="store">Keeps verdicts.</param>
    /// <param name="test">The program and arguments that run the self-test; null where this process has to test itself.</param>
    /// <param name="inWholeBlocks">Whether only convolutions whose channels fill whole blocks have to be right.</param>
    /// <exception cref="UserErrorException">Nothing computes rightly, or not under what the user has set
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    public static ArithmeticChoice Make(
        TorchBackend backend,
        StoreFolder store,
        IReadOnlyList<string>? test,
        bool inWholeBlocks,
        CancellationToken cancel
    )
    {
        if (IsChosen(inWholeBlocks) || backend.Folder is not { } folder)
        {
            backend.EnsureLoaded();
            return s_made ?? Describe(ArithmeticSetting.AsItIs, null, inWholeBlocks);
        }

        if (s_made?.Verdict is { } before)
            return s_made = SwitchOneDnnOff(backend, before);
        ArithmeticVerdict verdict = Find(backend, folder, store, test, cancel);
        ArithmeticTry chosen = verdict.Choose(inWholeBlocks) ?? throw NothingIsRight(verdict);
        ArithmeticSetting setting = ArithmeticSetting.All.First(s => s.Name == chosen.Setting);
        foreach ((string name, string value) in setting.Variables)
            NativeEnvironment.Set(name, value);
        NativeEnvironment.Set(ChosenVariable, chosen.Passes ? ForAllModels : ForWholeBlocks);
        s_made = Describe(setting, verdict, inWholeBlocks);
        backend.EnsureLoaded();
        return s_made;
    }

    /// <summary>Tests this process, as <paramref name="threads"/> threads compute.</summary>
    /// <exception cref="UserErrorException">libtorch cannot be loaded (<see cref="ErrorKind.Environment"/>).</exception>
    public static ArithmeticFindings TestThisProcess(TorchBackend backend, int? threads)
    {
        TorchDevice device = backend.Choose("cpu", threads);
        using FinalizerPause pause = FinalizerPause.Begin();
        bool hasBFloat16 = Arithmetic.InstructionSet.HasBFloat16(Describe(ArithmeticSetting.AsItIs, null, false).InstructionSet);
        return ArithmeticTest.Run(Operations.List(hasBFloat16), device.Device, device.Threads);
    }

    private static bool IsChosen(bool inWholeBlocks)
    {
        string? chosen = Environment.GetEnvironmentVariable(ChosenVariable);
        return !string.IsNullOrWhiteSpace(chosen) && (inWholeBlocks || chosen != ForWholeBlocks);
    }

    // An earlier benchmark of this process chose what is right for its models alone, and oneDNN has read its variables.
    private static ArithmeticChoice SwitchOneDnnOff(TorchBackend backend, ArithmeticVerdict verdict)
    {
        ArithmeticSetting setting = ArithmeticSetting.WithoutOneDnn;
        string wrong = $"libtorch computes wrongly on this processor for models of this benchmark: {verdict.Tries[0].Describe()}";
        if (!TorchContext.DisableOneDnn() || TestThisProcess(backend, null).Faults.Count > 0)
            throw new UserErrorException(
                $"{wrong}. Run it by a command of its own, which can take another setting.",
                ErrorKind.Environment
            );
        foreach ((string name, string value) in setting.Variables)
            NativeEnvironment.Set(name, value);
        NativeEnvironment.Set(ChosenVariable, ForAllModels);
        string remark =
            $"{wrong}. It computes {setting.Name}, where everything is right; by a command of its own it may take a faster setting";
        return new ArithmeticChoice(setting, Arithmetic.InstructionSet.WithoutOneDnn, verdict, remark);
    }

    private static ArithmeticVerdict Find(
        TorchBackend backend,
        LibTorchFolder folder,
        StoreFolder store,
        IReadOnlyList<string>? test,
        CancellationToken cancel
    )
    {
        string machine = ArithmeticStore.Identify(folder.PathOf("torch_cpu"));
        var verdicts = new ArithmeticStore(store);
        if (verdicts.Find(machine) is { } known)
            return known;
        IEnumerable<ArithmeticTry> tries = test is null
            ? TryHere(backend)
            : TryElsewhere(new SelfTestProcess([.. test, .. Options(backend)]), cancel);
        var verdict = new ArithmeticVerdict([.. tries]);
        // A process that could not be started says nothing about the processor.
        if (verdict.Tries.Any(t => t.Findings is not null))
            verdicts.Keep(machine, verdict);
        return verdict;
    }

    private static IEnumerable<string> Options(TorchBackend backend) =>
        backend.Folder is { Origin: LibTorchOrigin.Option } folder ? ["--libtorch", folder.Path] : [];

    // Down to the first setting under which everything is right. What the user has set is not set otherwise.
    private static IEnumerable<ArithmeticTry> TryElsewhere(SelfTestProcess process, CancellationToken cancel)
    {
        bool isUsersChoice = ArithmeticSetting.FindChosenByUser(Environment.GetEnvironmentVariable).Count > 0;
        IReadOnlyList<ArithmeticSetting> settings = isUsersChoice
            ? [ArithmeticSetting.AsItIs]
            : ArithmeticSetting.ListFor(Arithmetic.InstructionSet.OfProcessor);
        foreach (ArithmeticSetting setting in settings)
        {
            ArithmeticTry found = process.Try(setting, cancel);
            yield return found;
            if (found.Passes)
                yield break;
        }
    }

    // oneDNN has read its variables once this process has computed; it can be switched off at any time.
    private static IEnumerable<ArithmeticTry> TryHere(TorchBackend backend)
    {
        var asItIs = new ArithmeticTry(ArithmeticSetting.AsItIs.Name, TestThisProcess(backend, null), null);
        yield return asItIs;
        if (asItIs.Passes || !TorchContext.DisableOneDnn())
            yield break;
        yield return new ArithmeticTry(ArithmeticSetting.WithoutOneDnn.Name, TestThisProcess(backend, null), null);
    }

    private static ArithmeticChoice Describe(ArithmeticSetting setting, ArithmeticVerdict? verdict, bool inWholeBlocks)
    {
        string instructionSet = setting.FindInstructionSet(Environment.GetEnvironmentVariable);
        return new ArithmeticChoice(setting, instructionSet, verdict, verdict is null ? null : Remarks(setting, verdict, inWholeBlocks));
    }

    private static string? Remarks(ArithmeticSetting setting, ArithmeticVerdict verdict, bool inWholeBlocks)
    {
        ArithmeticTry asItIs = verdict.Tries[0];
        if (asItIs.Passes)
            return null;
        string wrong = $"libtorch computes wrongly on this processor: {asItIs.Describe()}";
        if (setting == ArithmeticSetting.AsItIs && inWholeBlocks)
            return $"{wrong}. The models of this benchmark use none of them (all channels fill whole blocks), so nothing is changed";
        ArithmeticTry chosen = verdict.Tries.First(t => t.Setting == setting.Name);
        string right = chosen.Passes ? "everything is right" : "all that its models use is right";
        string how = setting == ArithmeticSetting.WithoutOneDnn ? setting.Name : $"with {setting.Name}";
        return $"{wrong}. This run computes {how} instead, where {right}; {Cost(asItIs, chosen)}";
    }

    private static string Cost(ArithmeticTry before, ArithmeticTry now)
    {
        if (before.Findings?.Speed is not { } was || now.Findings?.Speed is not { } here)
            return "what it costs is not known";
        (double fp32, double bf16) = (here.Fp32 / was.Fp32, here.Bf16 / was.Bf16);
        return FormattableString.Invariant($"convolutions take {fp32:0.0} times as long, in bf16 {bf16:0.0} times");
    }

    private static UserErrorException NothingIsRight(ArithmeticVerdict verdict)
    {
        string tried = string.Join("; ", verdict.Tries.Select(t => $"{t.Setting}: {t.Describe()}"));
        IReadOnlyList<string> byUser = ArithmeticSetting.FindChosenByUser(Environment.GetEnvironmentVariable);
        string mend =
            byUser.Count > 0
                ? $"You have set {string.Join(", ", byUser)}: clear it, and a setting that computes rightly is looked for"
                : "Use another libtorch (--libtorch), a GPU (--device cuda) on another machine, or another processor";
        return new UserErrorException(
            $"libtorch computes wrongly on this processor, so no number would be right. Tried {tried}. {mend}. 'merbench doctor' "
                + $"shows more.",
            ErrorKind.Environment
        );
    }
}
