using MerBench.Host.Arithmetic;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;
using MerBench.Host.Text;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs;

/// <summary>A benchmark that is ready to compute: libtorch is right and loaded, devices are chosen, data is prepared, and all of it fits
/// the plan.</summary>
internal sealed class RunSession : IDisposable
{
    /// <summary>One that knows its cells, and has neither libtorch nor data yet.</summary>
    internal RunSession(
        RunRequest request,
        RunPlan plan,
        IReadOnlyList<TorchDevice> devices,
        Action<RunEvent> tell,
        ResultStore? store = null
    )
    {
        Request = request;
        Plan = plan;
        Devices = devices;
        Tell = tell;
        Store = store ?? new ResultStore(request.CacheFolder);
    }

    private const int RemarksTold = 5;
    private TextWriter? _output;

    public RunRequest Request { get; }

    public RunPlan Plan { get; }

    /// <summary>Takes the events.</summary>
    public Action<RunEvent> Tell { get; }

    public TorchBackend Backend { get; private init; } = null!;

    public ArithmeticChoice Arithmetic { get; private init; } = null!;

    /// <summary>Those that share the cells; the first one is this process's own.</summary>
    public IReadOnlyList<TorchDevice> Devices { get; }

    public TorchDevice Device => Devices[0];

    /// <summary>GPUs of other machines that compute the cells; null where this one does.</summary>
    private DeviceNames? DevicesElsewhere { get; init; }

    /// <summary>Of devices that compute cells: results of two types differ in rounding.</summary>
    public string DeviceType => DevicesElsewhere is null ? Device.Type : "cuda";

    /// <summary>The devices that compute cells, for people.</summary>
    public string DeviceText => string.Join(", ", DevicesElsewhere?.Names ?? [.. Devices.Select(d => d.Name)]);

    public ResultStore Store { get; }

    /// <summary>Where plugins run.</summary>
    public TorchThread Thread { get; } = new();

    public PreparedData Data { get; private set; } = null!;

    /// <summary>Other datasets on which models are judged as well, by name.</summary>
    public IReadOnlyDictionary<string, PreparedData> Elsewhere { get; private set; } =
        new Dictionary<string, PreparedData>(StringComparer.Ordinal);

    public RunKeys Keys { get; internal set; } = null!;

    /// <summary>The models that one is made of, with their keys at a seed.</summary>
    internal IReadOnlyList<(ModelDefinition Model, string Key)> PartsOf(ModelDefinition model, int seed) =>
        [.. Plan.Definition.PartsOf(model).Select(part => (part, Keys.Model(part, seed)))];

    /// <summary>The clips that a cell perturbs, as models hear them.</summary>
    internal PreparedData FindData(Cell cell) => cell.Perturbation.On is { } on ? Elsewhere[on] : Data;

    /// <summary>Makes everything ready for a plan.</summary>
    /// <exception cref="UserErrorException">The user's input or environment is wrong; the message lists everything of a kind.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public static RunSession Open(RunRequest request, RunPlan plan, Action<RunEvent> tell, CancellationToken cancel)
    {
        var backend = TorchBackend.Select(request.LibTorch);
        var store = new ResultStore(request.CacheFolder, entry => tell(new RunEvent.EntryPutAside(entry)));
        store.Folder.Sweep();
        ArithmeticChoice arithmetic = ChooseArithmetic(request, plan, backend, store, tell, cancel);
        DeviceNames wanted = request.Devices ?? plan.Definition.Devices;
        bool isElsewhere = request.ComputesElsewhere && wanted.AreGpus && backend.CountGpus() == 0;
        IReadOnlyList<TorchDevice> devices = backend.Choose(isElsewhere ? DeviceNames.Cpu : wanted, request.Threads);
        GpuArithmetic.Require(backend, devices, store.Folder);
        if (!isElsewhere)
            PlanCheck.Require(plan.Definition, devices[0], arithmetic);
        var session = new RunSession(request, plan, devices, tell, store)
        {
            Backend = backend,
            Arithmetic = arithmetic,
            DevicesElsewhere = isElsewhere ? wanted : null,
        };
        try
        {
            session.KeepOutput();
            session.Prepare(cancel);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_output is not null)
            Console.SetOut(_output);
        Data?.Dispose();
        foreach (PreparedData data in Elsewhere.Values)
            data.Dispose();
        Thread.Dispose();
    }

    // What plugins print stands among remarks, and not in the data of whoever started this.
    private void KeepOutput()
    {
        _output = Console.Out;
        Console.SetOut(Console.Error);
    }

    // Has libtorch compute rightly on this processor, before it is loaded.
    private static ArithmeticChoice ChooseArithmetic(
        RunRequest request,
        RunPlan plan,
        TorchBackend backend,
        ResultStore store,
        Action<RunEvent> tell,
        CancellationToken cancel
    )
    {
        // Of what comes with MerBench, only models convolve.
        bool inWholeBlocks = plan.Definition.Uses.All(u =>
            u.Plugin.Kind == PluginKind.Model ? u.Plugin.FillsChannelBlocks : PluginFolders.IsBundled(u.Plugin)
        );
        var choice = ArithmeticChoice.Make(backend, store.Folder, request.SelfTestCommand, inWholeBlocks, cancel);
        if (choice.Remark is { } remark)
            tell(new RunEvent.ArithmeticChosen(remark));
        return choice;
    }

    private void Prepare(CancellationToken cancel)
    {
        var signs = new SignsOfLife();
        TimeSpan limit = Plan.Definition.ModelTimeout;
        try
        {
            (Data, Elsewhere) = Thread.Run(token => new RunData(Plan.Definition, Store, Tell, signs).Prepare(token), limit, cancel, signs);
        }
        catch (TimeLimitException)
        {
            throw new UserErrorException(
                $"The dataset {Plan.Definition.Dataset.Plugin.Id} gave no sign of life for {StatusText.Duration(limit)} while it was "
                    + $"loaded and prepared; raise evaluation: model-timeout if it needs longer."
            );
        }

        GuestWatch.Note("corruptions were looked at");
        PlanCheck.Require(Plan, Data.Emotions, Data.Concepts, Data.Clips(Split.Test));
        PlanCheck.RequireSurrogates(Plan.Definition, Data);
        PlanCheck.RequireWindows(Plan.Definition, Data);
        foreach (string remark in Data.Remarks.Take(RemarksTold))
            Tell(new RunEvent.DataRemarked(remark));
        if (Data.Remarks.Count > RemarksTold)
            Tell(
                new RunEvent.DataRemarked(
                    $"... and {ShortList.Count(Data.Remarks.Count - RemarksTold)} more remarks on recordings; results.json has all of them"
                )
            );
        Keys = new RunKeys(
            Plan.Definition,
            m => (Data.For(m).Fingerprint, Data.For(m).Preparation),
            (m, on) => Elsewhere[on].For(m).Fingerprint,
            DeviceType
        );
    }
}
