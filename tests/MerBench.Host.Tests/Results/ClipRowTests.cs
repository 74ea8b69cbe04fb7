using System.Globalization;
using MerBench.Host.Hearing;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Tests.Data;

namespace MerBench.Tests.Results;

public sealed class ClipRowTests
{
    private static readonly LabelSpace Emotions = new(["valence", "energy"], 0, 1, "test");

    // Numbers that are not exact in binary, some of them out of the scale; a single precision that a file keeps.
    private static readonly ClipRow[] Rows =
    [
        Row("a", [0.1f, 0.9f], [0.2f, 0.8f], [-0.15f, 1.2f]),
        Row("b", [0.3f, 0.7f], [0.7f, 0.3f], [0.31f, 0.68f]),
        Row("c", [0, 1], [0.05f, 0.6f], [3.7f, -2]),
    ];

    [Test]
    public void Errors_are_means_over_emotions_and_harm_is_their_difference()
    {
        var row = new ClipRow("a", [0.25, 0.75], [0.5, 0.75], [1.25, 0.25]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(row.Error, Is.EqualTo(new PairedError(0.125, 0.75)));
            Assert.That(row.Harm, Is.EqualTo(0.625));
            Assert.That(row.HarmOfEmotion(0), Is.EqualTo(0.75));
            Assert.That(row.HarmOf([0.25, 0.25]), Is.EqualTo(0.125));
            Assert.That(row.ClippedError(0, 1), Is.EqualTo(0.625));
            Assert.That((row with { Perturbed = row.Clean }).Harm, Is.Zero);
        }
    }

    [Test]
    public void SQL_says_the_same_of_a_table_whatever_other_emotions_other_runs_have()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, Rows);
        using var database = new DuckDb();
        database.Execute("CREATE TABLE runs AS SELECT 'run' AS run, 0::DOUBLE AS minimum, 1::DOUBLE AS maximum");
        database.Execute(
            $"""
            CREATE TABLE clips AS SELECT 'run' AS run, *, NULL::FLOAT AS "rating.fear", NULL::FLOAT AS "clean.fear", NULL::FLOAT AS "perturbed.fear"
            FROM read_parquet({DuckDb.Text(file)})
            """
        );
        string[] emotions = ["valence", "energy", "fear"];
        string clean = ClipError.MeasureSql(emotions, "clean"),
            perturbed = ClipError.MeasureSql(emotions, "perturbed");
        double[][] asked =
        [
            .. database.Read(
                $"""
                SELECT {clean}, {perturbed}, {ClipError.HarmSql(clean, perturbed)}, {ClipError.MeasureClippedSql(emotions, "perturbed")},
                    {ClipError.MeanDifferenceSql(emotions, "clean", "perturbed")}, {ClipError.DifferenceSql(
                    "energy",
                    "rating",
                    "perturbed"
                )}
                FROM clips JOIN runs USING (run) ORDER BY clip
                """,
                r => Enumerable.Range(0, r.FieldCount).Select(r.GetDouble).ToArray()
            ),
        ];
        double[][] computed =
        [
            .. Rows.Select(r =>
                new[]
                {
                    r.Error.Clean,
                    r.Error.Perturbed,
                    r.Harm,
                    r.ClippedError(0, 1),
                    ClipError.MeanDifference(r.Clean, r.Perturbed),
                    ClipError.Difference(r.Rating[1], r.Perturbed[1]),
                }
            ),
        ];
        Assert.That(asked, Is.EqualTo(computed).Within(1e-15));
    }

    [Test]
    public void What_a_cell_writes_reads_back_as_the_same()
    {
        using var folder = new TemporaryFolder();
        ClipRow[] rows = [.. Rows.Select((r, i) => r with { Realised = new RealisedClip([0.5f, 0.25f * i], 0.3, 20), Line = i + 1 })];
        (IReadOnlyList<string> emotions, IReadOnlyList<ClipRow> read) = ClipTable.Read(TableFile.Read(Write(folder, rows)));
        Assert.That(emotions, Is.EqualTo(Emotions.Names));
        Assert.That(read.Select(Flat), Is.EqualTo(rows.Select(Flat)));

        static string Flat(ClipRow row) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Line} {row.Clip} {Join(row.Rating)} {Join(row.Clean)} {Join(row.Perturbed)} {row.Linf} {row.L2} {row.SnrDb} "
                    + $"{Join(row.Realised!.Prediction)} {row.Realised.Residual} {row.Realised.SnrDb}"
            );
        static string Join(double[] numbers) => string.Join(',', numbers);
    }

    [Test]
    public void A_cells_file_has_the_columns_that_docs_and_programs_know()
    {
        using var folder = new TemporaryFolder();
        string file = Write(
            folder,
            [
                .. Rows.Select(r =>
                    r with
                    {
                        Realised = new RealisedClip([0, 0], 0, 0),
                        Measured = new ClipMeasurements
                        {
                            Concepts = new ClipConcepts([1], [2], [3]),
                            MelInversionSnrDb = 1,
                            Audibility = new Audibility(-20, 0, -40, 0.1, 3, double.NegativeInfinity),
                            Notes = new Dictionary<string, string>(StringComparer.Ordinal) { ["winner"] = "pgd" },
                        },
                    }
                ),
            ],
            new LabelSpace(["melody"], 0, 1, "test")
        );
        using var database = new DuckDb();
        Assert.That(
            database.Read($"DESCRIBE SELECT * FROM {DuckDb.Text(file)}", r => $"{r.GetString(0)} {r.GetString(1)}"),
            Is.EqualTo(
                new[]
                {
                    "clip VARCHAR",
                    "rating.valence FLOAT",
                    "rating.energy FLOAT",
                    "clean.valence FLOAT",
                    "clean.energy FLOAT",
                    "perturbed.valence FLOAT",
                    "perturbed.energy FLOAT",
                    "concept_rating.melody FLOAT",
                    "clean_concept.melody FLOAT",
                    "perturbed_concept.melody FLOAT",
                    "linf DOUBLE",
                    "l2 DOUBLE",
                    "snr_db DOUBLE",
                    "mel_inversion_snr_db DOUBLE",
                    "loudness_lufs DOUBLE",
                    "loudness_change_lu DOUBLE",
                    "difference_lu DOUBLE",
                    "audible_share DOUBLE",
                    "audible_excess_db DOUBLE",
                    "masking_excess_db DOUBLE",
                    "shift DOUBLE",
                    "objective_clean FLOAT",
                    "objective_perturbed FLOAT",
                    "realised.valence FLOAT",
                    "realised.energy FLOAT",
                    "realised_residual DOUBLE",
                    "realised_snr_db DOUBLE",
                    "note.winner VARCHAR",
                    "forward_calls BIGINT",
                    "gradient_calls BIGINT",
                }
            )
        );
        Assert.That(database.Metadata(file).Keys, Is.SupersetOf(new[] { "merbench.schema", "merbench.columns", "merbench.scale" }));
    }

    private static ClipRow Row(string clip, double[] rating, double[] clean, double[] perturbed) =>
        new(clip, rating, clean, perturbed)
        {
            Linf = 0.01,
            L2 = 0.5,
            SnrDb = clip == "a" ? double.PositiveInfinity : 30,
        };

    private static string Write(TemporaryFolder folder, IReadOnlyList<ClipRow> rows, LabelSpace? concepts = null)
    {
        string file = folder.File("clips.parquet");
        using FileStream stream = File.Create(file);
        ClipTable.Write(
            stream,
            Emotions,
            concepts,
            rows,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["merbench.scale"] = "test" }
        );
        return file;
    }
}
