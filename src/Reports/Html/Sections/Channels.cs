namespace MerBench.Reports.Html.Sections;

/// <summary>Parts of Vega-Lite specifications that charts share.</summary>
internal static class Channels
{
    public const string HarmTitle = "harm in MAE (rating units)";

    /// <summary>A model's own colour, shape or dash.</summary>
    public static object Model { get; } = new
    {
        field = "model",
        type = "nominal",
        scale = new { palette = "model" },
        title = (string?)null,
    };

    /// <summary>A perturbation's own shape.</summary>
    public static object Perturbation { get; } = new
    {
        field = "perturbation",
        type = "nominal",
        scale = new { palette = "perturbation" },
        title = (string?)null,
    };

    public static object Harm { get; } = Number("harm", HarmTitle);

    /// <summary>Panels, in the order of the data.</summary>
    public static object Panels(string field) =>
        new
        {
            field,
            type = "nominal",
            title = (string?)null,
        };

    public static object Number(string field, string title) =>
        new
        {
            field,
            type = "quantitative",
            title,
        };

    /// <summary>Names in the order of the data, along an axis without a title.</summary>
    public static object Names(string field, int angle = 0) =>
        new
        {
            field,
            type = "nominal",
            sort = (string?)null,
            title = (string?)null,
            axis = new { labelAngle = angle, labelColor = "var(--ink)" },
        };

    /// <summary>A line at zero.</summary>
    public static object Zero { get; } = new
    {
        data = new { values = new[] { new { zero = 0 } } },
        mark = new { type = "rule", strokeWidth = 1 },
        encoding = new { y = new { field = "zero", type = "quantitative" } },
    };

    /// <summary>Cells of a heat map of harm: vermillion for harm, blue for help, the stronger the more, with the number in it.</summary>
    public static object[] HarmCells { get; } =
    [
        new
        {
            mark = new
            {
                type = "rect",
                stroke = "var(--paper)",
                strokeWidth = 1,
            },
            encoding = new
            {
                fill = new { condition = new { test = "datum.harm < 0", value = "var(--help)" }, value = "var(--harm)" },
                fillOpacity = new
                {
                    field = "strength_of_colour",
                    type = "quantitative",
                    scale = new
                    {
                        type = "sqrt",
                        range = new[] { 0.0, 0.8 },
                        domainMin = 0,
                    },
                    legend = (object?)null,
                },
            },
        },
        new
        {
            name = "numbers",
            mark = new { type = "text", fontSize = 11 },
            encoding = new
            {
                text = new
                {
                    field = "harm",
                    type = "quantitative",
                    format = "+.3f",
                },
            },
        },
    ];

    public static object[] HarmCellsTransform { get; } = [new { calculate = "abs(datum.harm)", @as = "strength_of_colour" }];

    /// <summary>Lines of harm with bands, marks at measured points, and a question mark over doubtful ones.</summary>
    /// <param name="x">The horizontal channel.</param>
    public static object HarmLines(object x) =>
        new
        {
            height = 230,
            layer = new object[]
            {
                Zero,
                new
                {
                    mark = new { type = "area", opacity = 0.15 },
                    encoding = new
                    {
                        x,
                        y = Number("harm_low", HarmTitle),
                        y2 = new { field = "harm_high" },
                        fill = UnlistedModel,
                    },
                },
                new
                {
                    mark = new { type = "line" },
                    encoding = new
                    {
                        x,
                        y = Harm,
                        color = Model,
                        strokeDash = UnlistedModel,
                    },
                },
                new
                {
                    mark = new { type = "point" },
                    encoding = new
                    {
                        x,
                        y = Harm,
                        color = Model,
                        shape = Model,
                    },
                },
                new
                {
                    transform = new[] { new { filter = "datum.doubtful > 0" } },
                    mark = new
                    {
                        type = "text",
                        text = "?",
                        dy = -11,
                        fontWeight = "bold",
                    },
                    encoding = new { x, y = Harm },
                },
            },
            resolve = OneLegend,
        };

    /// <summary>The same where another channel has the legend.</summary>
    public static object UnlistedModel { get; } = new
    {
        field = "model",
        type = "nominal",
        scale = new { palette = "model" },
        legend = (object?)null,
    };

    /// <summary>Keeps <see cref="UnlistedModel"/> from silencing the legend of other channels.</summary>
    public static object OneLegend { get; } = new { legend = new { fill = "independent", strokeDash = "independent" } };
}
