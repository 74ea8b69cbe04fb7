using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Learning curves, averaged over seeds and thinned out for long trainings.</summary>
internal static class LearningCurves
{
    private const string Name = "learning";

    public static HtmlSection? Create(RunReportData data)
    {
        PageData curves = PageData.Create(
            Name,
            data.Database.Query(
                $"""
                WITH models(model, place) AS ({data.ModelPlaces}),
                    thinned AS (
                        SELECT *, max(epoch) OVER () AS epochs FROM training
                        QUALIFY epoch = 1 OR epoch % greatest(1, ceil(epochs / 100)) = 0
                    )
                SELECT model, epoch, count(*) AS seeds, avg(train_loss) AS train_loss, avg(validation_loss) AS validation_loss,
                    avg(validation_score) AS score, min(validation_score) AS score_low, max(validation_score) AS score_high
                FROM thinned JOIN models USING (model) GROUP BY place, model, epoch ORDER BY place, epoch
                """
            )
        );
        if (curves.Rows == 0)
            return null;
        var loss = new Chart(
            "learning-loss",
            "Loss",
            "Lines of training and validation loss by epoch, a panel for each model.",
            new PageView(Name),
            ChartSpec.Read("learning-loss")
        )
        {
            PanelWidth = 220,
        };
        var score = new Chart(
            "learning-score",
            "Validation score",
            "Lines of the validation score by epoch, one for each model, with a band from the lowest to the highest seed.",
            new PageView(Name),
            ChartSpec.Read("learning-score")
        )
        {
            Note = Passage.Read("report", "learning, legend").Sentences(),
        };
        return new HtmlSection(
            "learning",
            "Learning curves",
            Markup.Format($"<p>Means over seeds; seeds that stopped early are missing in later epochs.</p>{loss.Render()}{score.Render()}")
        )
        {
            Data = [curves],
        };
    }
}
