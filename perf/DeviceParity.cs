using System.Globalization;
using MerBench.Attacks.Gradient;
using MerBench.FrontEnds.Madmom;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Perf;

/// <summary>One thing that was computed on a CPU and on another device.</summary>
/// <param name="Apart">Distance in L2 as a share of the CPU's result; for attacks, of the gain that the CPU's found.</param>
/// <param name="Tolerance">What rounding may make of it.</param>
internal sealed record ParityRow(string What, double Apart, double Tolerance)
{
    public bool Holds => Apart <= Tolerance;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"| {What} | {Apart:0.0e+0} | {Tolerance:0.0e+0} | {(Holds ? "holds" : "BROKEN")} |");
}

/// <summary>Whether a device computes what the CPU does: features, predictions, gradients to the input, and what short attacks find, judged
/// by the CPU.</summary>
internal static class DeviceParity
{
    private const int Clips = 4;

    // Rounding in another order moves sums by some 1e-6. Gradients of networks with ReLU and pooling differ where two values tie; sign
    // steps carry such differences on.
    private const double OfFeatures = 1e-5,
        OfPredictions = 1e-4,
        OfGradients = 5e-3,
        OfAttacks = 0.02;

    /// <param name="precision">In which the device's attack form computes; the CPU's is fp32.</param>
    /// <param name="width">Of the network; 1 is the study's.</param>
    public static IReadOnlyList<ParityRow> Measure(Device device, Precision precision = Precision.Fp32, double width = 1)
    {
        using var scope = NewDisposeScope();
        using VggModel here = Model(CPU, width),
            there = Model(device, width);
        using (no_grad())
            foreach ((string name, Tensor value) in here.State)
                there.State[name].copy_(value);
        using IFrozenModel frozenHere = here.Freeze(Precision.Fp32),
            frozenThere = there.Freeze(precision);
        using var frontEnd = new MadmomLog(new MadmomLogOptions());
        manual_seed(3);
        Tensor input = randn(Clips, PaperNetwork.Frames, PaperNetwork.Bands),
            ratings = rand(Clips, PaperNetwork.Emotions),
            sound = randn(Clips, 2 * frontEnd.SampleRate) * 0.1;
        Tensor FromSound(Tensor x) => frontEnd.Transform(x);
        var rows = new List<ParityRow>
        {
            new("front end", Apart(FromSound(sound), FromSound(sound.to(device))), OfFeatures),
            new("gradient through the front end", Apart(Gradient(FromSound, sound), Gradient(FromSound, sound.to(device))), OfGradients),
            new("prediction", Apart(here.Forward(input).Emotion, there.Forward(input.to(device)).Emotion), OfPredictions),
            new(
                "prediction, attack form",
                Apart(frozenHere.Forward(input).Emotion, frozenThere.Forward(input.to(device)).Emotion),
                OfPredictions
            ),
            new(
                "gradient",
                Apart(Gradient(x => here.Forward(x).Emotion, input), Gradient(x => there.Forward(x).Emotion, input.to(device))),
                OfGradients
            ),
            new(
                "gradient, attack form",
                Apart(Gradient(x => frozenHere.Forward(x).Emotion, input), Gradient(x => frozenThere.Forward(x).Emotion, input.to(device))),
                OfGradients
            ),
        };
        double clean = Error(here, input, ratings);
        foreach (
            (string name, IAttack attack) in new (string, IAttack)[]
            {
                ("fgsm", new Fgsm()),
                ("pgd, 5 steps", new Pgd(new PgdOptions(Steps: 5))),
                ("apgd, 10 steps", new Apgd(new ApgdOptions(Steps: 10))),
                ("adam-sign, 10 steps", new AdamSign(new AdamSignOptions(Steps: 10))),
            }
        )
        {
            double own = Error(here, Attack(attack, frozenHere, input, ratings), ratings) - clean;
            double other = Error(here, Attack(attack, frozenThere, input.to(device), ratings.to(device)).cpu(), ratings) - clean;
            rows.Add(new ParityRow($"{name}: the gain", Math.Abs(other - own) / own, OfAttacks));
        }

        return rows;
    }

    // Batch norm with statistics of its own, as after training.
    private static VggModel Model(Device device, double width)
    {
        VggModel model = PaperNetwork.Create(width, device);
        manual_seed(5);
        using var guard = no_grad();
        foreach ((string name, Tensor value) in model.State.Where(s => s.Key.Contains("running_", StringComparison.Ordinal)))
            value.copy_(rand(value.shape) + (name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -0.5));
        PaperNetwork.Freeze(model);
        return model;
    }

    private static Tensor Attack(IAttack attack, IFrozenModel model, Tensor input, Tensor ratings)
    {
        using var context = new AttackContext(
            model.Forward,
            input,
            ratings,
            Objective.Mse,
            [.. Enumerable.Range(0, Clips).Select(i => RandomStream.For("parity", FormattableString.Invariant($"{i}")))]
        )
        {
            Budget = new Budget(Norm.Linf, 0.03),
        };
        return attack.Perturb(context, CancellationToken.None);
    }

    private static double Error(VggModel model, Tensor input, Tensor ratings)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return (model.Forward(input).Emotion - ratings).square().mean().item<float>();
    }

    private static Tensor Gradient(Func<Tensor, Tensor> map, Tensor input)
    {
        Tensor x = input.detach().clone().requires_grad_();
        return autograd.grad([map(x).sum()], [x])[0].detach();
    }

    private static double Apart(Tensor here, Tensor there)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor exact = here.detach().to(ScalarType.Float64),
            found = there.detach().cpu().to(ScalarType.Float64);
        return ((found - exact).norm() / exact.norm()).item<double>();
    }
}
