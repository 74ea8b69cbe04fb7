using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>What defences cost and gain, attacked with and without knowledge of them.</summary>
internal static class DefenceTable
{
    public static ReportTable Create(RunResults results) =>
        new(
            "Defences (mean absolute errors on the first few clips: without the defence, clean and attacked; with it, clean, attacked "
                + "without adaptation, and attacked adaptively; what it costs and what it gains under the stronger attack; of "
                + "the harm without it, the share that survives without adaptation, and with)",
            [
                "Model",
                "Perturbation",
                "Strength",
                "undefended",
                "attacked",
                "clean",
                "unadapted",
                "adapted",
                "cost",
                "net gain",
                "survives",
                "adapted survives",
                "clips",
            ],
            [
                .. results.Defences.Select(
                    IReadOnlyList<string> (d) =>
                        [
                            d.Model,
                            d.Perturbation,
                            d.Budget,
                            Error(d.UndefendedClean),
                            Error(d.UndefendedAttacked),
                            Error(d.Clean),
                            Error(d.Unadapted),
                            Error(d.Adapted),
                            Change(d.Cost),
                            Change(d.Gain),
                            Share(d.Survival),
                            Share(d.AdaptedSurvival),
                            d.Clips.ToString(CultureInfo.InvariantCulture),
                        ]
                ),
            ],
            TextColumns: 3
        );

    private static string Error(double error) => error.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Share(double? share) => share?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    private static string Change(double error) => error.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
