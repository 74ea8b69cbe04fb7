using System.Globalization;
using MerBench.Reports.Figures;
using MerBench.Reports.Listening;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Clips before and after perturbations, to listen to and to look at.</summary>
internal static class Listen
{
    // Of base64 text: with the rest of a page a few megabytes, which mail and browsers bear.
    private const long MostEmbedded = 8_000_000;

    private const string Axes = "time from left to right, frequency upwards on a logarithmic scale.";

    public static HtmlSection? Create(RunReportData data)
    {
        string folder = Path.Combine(data.Run.Path, RunListening.Folder);
        if (!data.WithSounds || ListeningIndex.Read(folder) is not { Examples.Count: > 0 } index)
            return null;
        var embedded = new EmbeddedFiles(folder, MostEmbedded);
        Markup[] examples = [.. index.Examples.Select((e, i) => Example(e, i + 1, index, data, embedded))];
        return new HtmlSection(
            "listen",
            "Listen",
            Markup.Format(
                $"""
                {Passage.Read("report", "listen").Paragraphs()}
                <p class="note">{Passage.Read("report", "listen, resynthesis").Sentences()}</p>
                {examples}
                {LeftOutOf(index, embedded)}
                """
            )
        )
        {
            Scripts = ["listen.js"],
        };
    }

    private static Markup Example(ListeningExample example, int number, ListeningIndex index, RunReportData data, EmbeddedFiles embedded)
    {
        string perturbation = data.Names.GetValueOrDefault(example.Perturbation, example.Perturbation),
            title = $"{perturbation}, {example.Strength}";
        SoundFiles? audio = embedded.Sounds(example.Audio);
        string perturbed = example.Kind == SoundKind.Resynthesis ? "perturbed (resynthesis)" : "perturbed";
        Markup Sound(string part, string name, Func<SoundFiles, string> file) =>
            Markup.Format(
                $"""
            <div class="sound" data-part="{part}">
            <p class="name">{name}</p>
            {(example.Spectrograms is { } pictures
                ? Picture(embedded.Picture(file(pictures)), $"Spectrogram of the {part} clip {example.Clip} under {title}, {name}: {Axes}")
                : null)}
            {(audio is null
                ? Link(file(example.Audio))
                : Markup.Format(
                    $"<audio controls preload=\"metadata\" src=\"{file(audio)}\" aria-label=\"{name}: {title}, clip {example.Clip}\"></audio>"
                ))}
            </div>
            """
            );
        return Markup.Format(
            $"""
            <figure class="listen" id="listen-{number}" data-model="{example.Model}" data-perturbation="{perturbation}">
            <figcaption><h3>{title}: {example.Model}, seed {example.Seed}, clip {example.Clip}</h3>
            <div class="tools">{Kind(example)}{(
                audio is null
                    ? null
                    : Markup.Format($"<button type=\"button\" class=\"quiet\" data-switch hidden aria-keyshortcuts=\"x\">Play clean</button>")
            )}</div></figcaption>
            <p class="effect">{Effect(example)}</p>
            <div class="sounds">{Sound("clean", "clean", f => f.Clean)}{Sound("perturbed", perturbed, f => f.Perturbed)}{Sound(
                "difference",
                example.GainsDb.DescribeDifference,
                f => f.Difference
            )}</div>
            {(example.Notes.Count == 0 ? null : Markup.Format($"<p class=\"note\">{string.Join(' ', example.Notes)}</p>"))}
            {Predictions(example)}
            <p class="visually-hidden" role="status"></p>
            </figure>

            """
        );
    }

    private static Markup Link(string file) =>
        Markup.Format($"<p class=\"note\"><a href=\"{RunListening.Folder}/{Uri.EscapeDataString(file)}\">{file}</a></p>");

    private static Markup Picture(string source, string alternative) =>
        Markup.Format(
            $"""
            <div class="spectrogram" data-start="{SpectrogramFigure.Start:0.####}" data-end="{SpectrogramFigure.End:0.####}">
            <img src="{source}" width="{SpectrogramFigure.Width}" height="{SpectrogramFigure.Height}" alt="{alternative}">
            <span class="playhead" hidden></span></div>
            """
        );

    private static Markup Kind(ListeningExample example) =>
        example switch
        {
            { Failed: true } => Markup.Format($"<span class=\"mark doubt\">resynthesis failed</span>"),
            { Kind: SoundKind.Resynthesis } => Markup.Format($"<span class=\"mark\">resynthesis</span>"),
            _ => Markup.Format($"<span class=\"mark\">waveform</span>"),
        };

    private static Markup Effect(ListeningExample example)
    {
        string snr = example.SnrDb is { } db
            ? string.Create(CultureInfo.InvariantCulture, $"Signal-to-noise ratio {db:0.0} dB.")
            : "The sound did not change.";
        Markup harm = Markup.Format($"Harm in MAE <strong>{example.Harm:+0.000;-0.000}</strong>");
        return example.Kind == SoundKind.Resynthesis
            ? Markup.Format($"{harm} by the perturbed features, {RealisedHarm(example)}. {snr}")
            : Markup.Format($"{harm}{WrittenHarm(example)}. {snr}");
    }

    private static Markup RealisedHarm(ListeningExample example) =>
        example.RealisedHarm is { } harm
            ? Markup.Format($"<strong>{harm:+0.000;-0.000}</strong> by this audio")
            : Markup.Format($"not known of this audio");

    private static Markup? WrittenHarm(ListeningExample example) =>
        example.WrittenHarm is { } harm ? Markup.Format($", read back from the 16-bit file {harm:+0.000;-0.000}") : null;

    private static Markup Predictions(ListeningExample example) =>
        Markup.Format(
            $"""
            <details class="data"><summary>Ratings and predictions</summary>
            <div class="scroll" role="region" tabindex="0" aria-label="Ratings and predictions of clip {example.Clip}"><table>
            <thead><tr><th scope="col">Emotion</th><th scope="col" class="number">Rating</th>
            <th scope="col" class="number">Clean</th><th scope="col" class="number">Perturbed</th>{(
                example.Realised is null ? null : Markup.Format($"<th scope=\"col\" class=\"number\">This audio</th>")
            )}</tr></thead>
            <tbody>{example.Rating.Keys.Select(emotion =>
                Markup.Format(
                    $"<tr><th scope=\"row\">{emotion}</th>{Number(example.Rating[emotion])}{Number(example.Clean[emotion])}"
                        + $"{Number(example.Perturbed[emotion])}{(example.Realised is { } realised ? Number(realised[emotion]) : null)}</tr>"
                )
            )}</tbody>
            </table></div></details>
            """
        );

    private static Markup Number(double value) => Markup.Format($"<td class=\"number\">{value:0.000}</td>");

    private static Markup LeftOutOf(ListeningIndex index, EmbeddedFiles embedded) =>
        Markup.Format(
            $"""
            {(
                embedded.LeftOut == 0
                    ? null
                    : Markup.Format(
                        $"<p class=\"note\">The sounds of {embedded.LeftOut} of {index.Examples.Count} examples are not in this page, to keep "
                            + $"it small: their links lead to the folder <code>{RunListening.Folder}</code> beside it.</p>"
                    )
            )}
            {(
                index.LeftOut.Count == 0
                    ? null
                    : Markup.Format(
                        $"<p class=\"note\">Nothing to hear of: "
                            + $"{index.LeftOut.Select((l, i) => Markup.Format($"{(i == 0 ? "" : "; ")}{l.What} ({l.Reason})"))}.</p>"
                    )
            )}
            <p class="note">{index.Format}, {WriteRates(index)} Hz. The gains of all files stand in
            <code>{RunListening.Folder}/{ListeningIndex.File}</code>; <code>merbench export-audio</code> writes other clips.</p>
            """
        );

    private static string WriteRates(ListeningIndex index) =>
        string.Join(" or ", index.Examples.Select(e => e.SampleRate ?? index.SampleRate).Distinct().Order());
}
