using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerBench.Host;
using MerBench.Host.Text;

namespace MerBench.Reports.Trackers;

/// <summary>A tracking server of MLflow, by its REST interface (https://mlflow.org/docs/latest/rest-api.html).</summary>
internal sealed class MlflowServer : IMlflowStore, IDisposable
{
    private const int TagsOfBatch = 100;
    private const int MetricsOfBatch = 500;
    private const string Proxied = "mlflow-artifacts:";

    private readonly HttpClient _client;
    private readonly CancellationToken _cancel;

    /// <param name="address">Of the server, such as <c>http://localhost:5000</c>.</param>
    public MlflowServer(Uri address, CancellationToken cancel)
    {
        _client = new HttpClient { BaseAddress = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/"), Timeout = TimeSpan.FromMinutes(5) };
        _client.DefaultRequestHeaders.Authorization = FindAuthorization(Environment.GetEnvironmentVariable);
        _cancel = cancel;
    }

    public string? LeftOut { get; private set; }

    public void Dispose() => _client.Dispose();

    public string Write(string experiment, TrackedRun run, string? parent)
    {
        JsonNode made = Post(
            "runs/create",
            new JsonObject
            {
                ["experiment_id"] = FindExperiment(experiment) ?? CreateExperiment(experiment),
                ["run_name"] = run.Name,
                ["start_time"] = run.Start.ToUnixTimeMilliseconds(),
                ["tags"] = Pairs(MlflowTags.List(run, parent)),
            }
        );
        string id = Text(made, "run", "info", "run_id");
        foreach (KeyValuePair<string, string>[] part in run.Parameters.Chunk(TagsOfBatch))
            Post("runs/log-batch", new JsonObject { ["run_id"] = id, ["params"] = Pairs(part) });
        foreach (TrackedMetric[] part in run.Metrics.Chunk(MetricsOfBatch))
            Post("runs/log-batch", new JsonObject { ["run_id"] = id, ["metrics"] = Metrics(part, run.End) });
        WriteArtifacts(run, Text(made, "run", "info", "artifact_uri"));
        Post(
            "runs/update",
            new JsonObject
            {
                ["run_id"] = id,
                ["status"] = run.HasFailed ? "FAILED" : "FINISHED",
                ["end_time"] = run.End.ToUnixTimeMilliseconds(),
            }
        );
        return id;
    }

    private string? FindExperiment(string name)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"api/2.0/mlflow/experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}"
        );
        using HttpResponseMessage response = Send(request);
        return response.StatusCode == HttpStatusCode.NotFound ? null : Text(Read(response), "experiment", "experiment_id");
    }

    private string CreateExperiment(string name) => Text(Post("experiments/create", new JsonObject { ["name"] = name }), "experiment_id");

    // Where the server hands artifacts on; to other places they go by programs of their own.
    private void WriteArtifacts(TrackedRun run, string address)
    {
        if (run.Artifacts.Count == 0)
            return;
        if (!address.StartsWith(Proxied, StringComparison.Ordinal))
        {
            LeftOut = $"the server keeps artifacts in {address}, which it does not hand on: start it with --serve-artifacts";
            return;
        }

        string place = address[Proxied.Length..].TrimStart('/');
        foreach ((string name, string path) in run.Artifacts)
        {
            using FileStream file = File.OpenRead(path);
            using var request = new HttpRequestMessage(HttpMethod.Put, $"api/2.0/mlflow-artifacts/artifacts/{place}/{name}")
            {
                Content = new StreamContent(file),
            };
            using HttpResponseMessage response = Send(request);
            Read(response);
        }
    }

    private JsonNode Post(string what, JsonObject content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/2.0/mlflow/{what}") { Content = JsonContent.Create(content) };
        using HttpResponseMessage response = Send(request);
        return Read(response);
    }

    private HttpResponseMessage Send(HttpRequestMessage request)
    {
        try
        {
            return _client.Send(request, _cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !_cancel.IsCancellationRequested)
        {
            throw Refusal(GuestText.Message(e.Message), e);
        }
    }

    private JsonNode Read(HttpResponseMessage response)
    {
        using var reader = new StreamReader(response.Content.ReadAsStream(_cancel), Encoding.UTF8);
        string text = reader.ReadToEnd();
        JsonNode? content = Parse(text);
        if (response.IsSuccessStatusCode)
            return content ?? throw Refusal("its answer is no JSON", null);
        string reason = content?["message"]?.ToString() ?? response.ReasonPhrase ?? "";
        throw Refusal(FormattableString.Invariant($"{(int)response.StatusCode} {GuestText.Message(reason)}"), null);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private UserErrorException Refusal(string reason, Exception? inner) =>
        new($"The MLflow server {_client.BaseAddress} did not take the run: {reason.TrimEnd('.')}.", ErrorKind.Environment, inner);

    private string Text(JsonNode node, params string[] path)
    {
        JsonNode? at = node;
        foreach (string name in path)
            at = (at as JsonObject)?[name];
        return at?.ToString() ?? throw Refusal($"its answer has no {string.Join('.', path)}", null);
    }

    private static JsonArray Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        [.. pairs.Select(p => new JsonObject { ["key"] = MlflowNames.Fit(p.Key), ["value"] = MlflowNames.FitValue(p.Value) })];

    private static JsonArray Metrics(IEnumerable<TrackedMetric> metrics, DateTimeOffset time) =>
        [
            .. metrics.Select(m => new JsonObject
            {
                ["key"] = MlflowNames.Fit(m.Name),
                ["value"] = m.Value,
                ["timestamp"] = time.ToUnixTimeMilliseconds(),
                ["step"] = 0,
            }),
        ];

    // As MLflow's own clients are told.
    private static AuthenticationHeaderValue? FindAuthorization(Func<string, string?> variable)
    {
        if (variable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token)
            return new AuthenticationHeaderValue("Bearer", token);
        return variable("MLFLOW_TRACKING_USERNAME") is { Length: > 0 } user
            ? new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{variable("MLFLOW_TRACKING_PASSWORD")}"))
            )
            : null;
    }
}
