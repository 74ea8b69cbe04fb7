namespace MerBench.Reports.Html.Sections;

/// <summary>Learning curves, averaged over seeds and thinned out for long trainings.</summary>
internal static class LearningCurves
{
    private const string Name = "learning";

    public static HtmlSection? Of(RunReportData data)
    {
        PageData curves = PageData.Of(
            Name,
            data.Database.Query(
                $"""
                WITH models(model, place) AS ({data.ModelPlaces}), thinned AS (SELECT *, max(epoch) OVER () AS epochs FROM training QUALIFY epoch = 1 OR epoch % greatest(1, ceil(epochs / 100)) = 0)
                SELECT model, epoch, count(*) AS seeds, avg(train_loss) AS train_loss, avg(validation_loss) AS validation_loss, avg(validation_score) AS score, min(validation_score) AS score_low, max(validation_score) AS score_high
                FROM thinned JOIN models USING (model) GROUP BY place, model, epoch ORDER BY place, epoch
                """
            )
        );
        if (curves.Rows == 0)
            return null;
        var epoch = new
        {
            field = "epoch",
            type = "quantitative",
            title = "epoch",
            axis = new { tickMinStep = 1, format = "d" },
            scale = new { zero = false, nice = false },
        };
        var loss = new Chart(
            "learning-loss",
            "Loss",
            "Lines of training and validation loss by epoch, a panel for each model.",
            new PageView(Name),
            new
            {
                facet = Channels.Panels("model"),
                spec = new
                {
                    height = 190,
                    transform = new object[]
                    {
                        new { fold = new[] { "train_loss", "validation_loss" }, @as = new[] { "key", "loss" } },
                        new { calculate = "datum.key == 'train_loss' ? 'training' : 'validation'", @as = "set" },
                    },
                    mark = new { type = "line" },
                    encoding = new
                    {
                        x = epoch,
                        y = Channels.Number("loss", "loss"),
                        color = new
                        {
                            field = "set",
                            type = "nominal",
                            title = (string?)null,
                            scale = new { domain = new[] { "training", "validation" }, range = new[] { "var(--help)", "var(--harm)" } },
                        },
                        strokeDash = new
                        {
                            field = "set",
                            type = "nominal",
                            title = (string?)null,
                            scale = new { domain = new[] { "training", "validation" }, range = new[] { new[] { 1, 0 }, [6, 3] } },
                        },
                    },
                },
                resolve = new { scale = new { y = "independent" } },
            }
        )
        {
            PanelWidth = 220,
        };
        var score = new Chart(
            "learning-score",
            "Validation score",
            "Lines of the validation score by epoch, one for each model, with a band from the lowest to the highest seed.",
            new PageView(Name),
            new
            {
                height = 260,
                layer = new object[]
                {
                    new
                    {
                        mark = new { type = "area", opacity = 0.15 },
                        encoding = new
                        {
                            x = epoch,
                            y = Channels.Number("score_low", "validation score"),
                            y2 = new { field = "score_high" },
                            fill = Channels.UnlistedModel,
                        },
                    },
                    new
                    {
                        mark = new { type = "line" },
                        encoding = new
                        {
                            x = epoch,
                            y = Channels.Number("score", "validation score"),
                            color = Channels.Model,
                            strokeDash = Channels.UnlistedModel,
                        },
                    },
                },
                resolve = Channels.OneLegend,
            }
        )
        {
            Note = Markup.Of(
                $"What early stopping watches: the mean Pearson r over emotions, plus that over concepts where they are trained, so that scores of models with and without concepts do not compare. Bands: from the lowest to the highest seed."
            ),
        };
        return new HtmlSection(
            "learning",
            "Learning curves",
            Markup.Of($"<p>Means over seeds; seeds that stopped early are missing in later epochs.</p>{loss.Render()}{score.Render()}")
        )
        {
            Data = [curves],
        };
    }
}
