using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace MerBench.Tests;

/// <summary>A tracking server that answers as MLflow's documentation says, refuses what it says is refused, and keeps what it was
/// told.</summary>
internal sealed class MlflowServerStub : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<string> _experiments = [];
    private readonly Task _serving;

    public MlflowServerStub(string artifactRoot = "mlflow-artifacts:/")
    {
        ArtifactRoot = artifactRoot;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    public string Address { get; }

    public string ArtifactRoot { get; }

    public List<JsonNode> Created { get; } = [];

    public List<JsonNode> Batches { get; } = [];

    public List<JsonNode> Updates { get; } = [];

    public Dictionary<string, byte[]> Artifacts { get; } = new(StringComparer.Ordinal);

    public List<string?> Authorizations { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>What is refused, and why.</summary>
    public (string Path, int Status, string Message)? Refusal { get; set; }

    public IReadOnlyList<string> Experiments => _experiments;

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            (int status, string answer) = Answer(context.Request);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            context.Response.Close();
        }
    }

    private (int Status, string Answer) Answer(HttpListenerRequest request)
    {
        Authorizations.Add(request.Headers["Authorization"]);
        string path = request.Url!.AbsolutePath;
        using var body = new MemoryStream();
        request.InputStream.CopyTo(body);
        if (Refusal is { } refusal && path.EndsWith(refusal.Path, StringComparison.Ordinal))
            return (refusal.Status, new JsonObject { ["error_code"] = "X", ["message"] = refusal.Message }.ToJsonString());
        const string artifacts = "/api/2.0/mlflow-artifacts/artifacts/";
        if (request.HttpMethod == "PUT" && path.StartsWith(artifacts, StringComparison.Ordinal))
        {
            Artifacts[path[artifacts.Length..]] = body.ToArray();
            return (200, "{}");
        }

        if (request.HttpMethod == "GET" && path == "/api/2.0/mlflow/experiments/get-by-name")
        {
            int known = _experiments.IndexOf(request.QueryString["experiment_name"]!);
            return known < 0
                ? (404, """{ "error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no" }""")
                : (200, new JsonObject { ["experiment"] = new JsonObject { ["experiment_id"] = $"{known}" } }.ToJsonString());
        }

        if (request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
            Problems.Add($"{path}: POST requests are application/json");
        if (body.Length > 1_000_000)
            Problems.Add($"{path}: more than 1 MB");
        return Post(path, JsonNode.Parse(body.ToArray())!);
    }

    private (int Status, string Answer) Post(string path, JsonNode content)
    {
        switch (path)
        {
            case "/api/2.0/mlflow/experiments/create":
                _experiments.Add((string)content["name"]!);
                return (200, $$"""{ "experiment_id": "{{_experiments.Count - 1}}" }""");
            case "/api/2.0/mlflow/runs/create":
                Created.Add(content);
                string id = $"run{Created.Count - 1}";
                string place = $"{ArtifactRoot}{(string)content["experiment_id"]!}/{id}/artifacts";
                return (
                    200,
                    new JsonObject
                    {
                        ["run"] = new JsonObject
                        {
                            ["info"] = new JsonObject { ["run_id"] = id, ["artifact_uri"] = place },
                        },
                    }.ToJsonString()
                );
            case "/api/2.0/mlflow/runs/log-batch":
                Batches.Add(content);
                Check(content);
                return (200, "{}");
            case "/api/2.0/mlflow/runs/update":
                Updates.Add(content);
                return (200, "{}");
            default:
                Problems.Add($"{path} is not documented");
                return (404, "{}");
        }
    }

    // The limits of MLflow's documentation.
    private void Check(JsonNode batch)
    {
        JsonArray metrics = batch["metrics"]?.AsArray() ?? [],
            parameters = batch["params"]?.AsArray() ?? [],
            tags = batch["tags"]?.AsArray() ?? [];
        if (metrics.Count > 1000 || parameters.Count > 100 || tags.Count > 100)
            Problems.Add("a batch is too large");
        foreach (JsonNode? metric in metrics)
        {
            if (metric!["value"] is null || metric["timestamp"] is null || metric["step"] is null)
                Problems.Add($"a metric lacks a field: {metric.ToJsonString()}");
        }

        foreach (string key in metrics.Concat(parameters).Select(pair => (string)pair!["key"]!))
        {
            if (!System.Text.RegularExpressions.Regex.IsMatch(key, @"^[/\w.\- ]{1,250}$", default, TimeSpan.FromSeconds(1)))
                Problems.Add($"'{key}' is no name");
        }
    }
}
