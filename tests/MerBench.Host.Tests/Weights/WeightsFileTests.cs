using MerBench.Host;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class WeightsFileTests
{
    private static readonly string Checkpoint = Path.Combine(
        TestContext.CurrentContext.TestDirectory,
        "Weights",
        "fixtures",
        "checkpoint.pt"
    );
    private readonly string _folder = Directory.CreateTempSubdirectory("merbench").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(true)]
    [TestCase(false)]
    public void Weights_are_copied_into_the_models_own_tensors(bool safetensors)
    {
        using var scope = NewDisposeScope();
        string file = Checkpoint;
        if (safetensors)
        {
            file = Path.Combine(_folder, "converted.bin");
            SafetensorsFile.Write(file, PyTorchStateDict.Read(Checkpoint).Tensors);
        }

        using var network = Network();
        WeightsFile.LoadInto(network.state_dict(), file);
        Assert.That(network.state_dict()["0.weight"].allclose(PyTorchStateDict.Read(Checkpoint).Tensors["0.weight"].ToTensor()), Is.True);
        Assert.That(network.state_dict()["1.num_batches_tracked"].item<long>(), Is.EqualTo(1));
        Assert.That(network.parameters().All(p => p.requires_grad), Is.True);
    }

    [Test]
    public void The_counter_of_batch_norm_may_be_absent_on_either_side()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        Dictionary<string, Tensor> state = network.state_dict();
        state.Remove("1.num_batches_tracked");
        WeightsFile.LoadInto(state, Checkpoint);
        string file = Path.Combine(_folder, "without.safetensors");
        WeightsFile.Save(state, file);
        WeightsFile.LoadInto(network.state_dict(), file);
    }

    [Test]
    public void All_differences_are_listed_at_once_and_the_model_stays_as_it_was()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>
        {
            ["0.weight"] = zeros(2, 4),
            ["0.bias"] = zeros(2),
            ["extra"] = zeros(1),
            ["1.weight"] = zeros(2, dtype: int64),
        };
        string message = Assert.Throws<UserErrorException>(() => WeightsFile.LoadInto(state, Checkpoint))!.Message;
        Assert.That(
            message,
            Does.Contain("missing: extra")
                .And.Contain("unexpected: 1.bias, 1.running_mean, 1.running_var")
                .And.Contain("wrong shape: 0.weight (model [2, 4], file [2, 3])")
                .And.Contain("wrong type: 1.weight (model Int64, file Float32)")
        );
        Assert.That(state["0.bias"].count_nonzero().item<long>(), Is.Zero);
    }

    [Test]
    public void Weights_that_are_not_numbers_are_refused()
    {
        using var scope = NewDisposeScope();
        string file = Path.Combine(_folder, "nan.safetensors");
        WeightsFile.Save(new Dictionary<string, Tensor> { ["w"] = tensor(new[] { 1f, float.NaN }) }, file);
        Assert.That(
            Assert
                .Throws<UserErrorException>(() => WeightsFile.LoadInto(new Dictionary<string, Tensor> { ["w"] = zeros(2) }, file))!
                .Message,
            Does.Contain("'w' holds NaN")
        );
    }

    [Test]
    public void A_file_of_another_kind_is_refused()
    {
        string file = Path.Combine(_folder, "notes.txt");
        File.WriteAllText(file, "these are no weights");
        Assert.That(Assert.Throws<UserErrorException>(() => WeightsFile.Read(file))!.Message, Does.Contain("neither"));
    }

    [TestCase("a2e_init.pt", 65)]
    [TestCase("a2m2e.pt", 67)]
    public void The_published_codes_weights_are_read(string file, int count) =>
        Assert.That(WeightsFile.Read(SharedData.Path($"golden/seed6/{file}")).Tensors, Has.Count.EqualTo(count));

    private static TorchSharp.Modules.Sequential Network() => nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2));
}
