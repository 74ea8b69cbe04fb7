using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class MistakeTests
{
    [Test]
    public async Task A_file_with_mistakes_gets_all_of_them_at_once_and_nothing_runs()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "broken.yaml",
            """
            dataset: cuse
            models:
              a: { use: vgg, with: { widht: 0.5 } }
            perturbations:
              p: { use: pgd, budgets: { linf: [-1] } }
            sead: [1]
            """
        );
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        string[] lines = result.StandardError.Trim().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(4), result.StandardError);
        Assert.That(lines[0], Does.Contain("broken.yaml:1:10").And.Contain("cues"));
        Assert.That(lines[1], Does.Contain("broken.yaml:3:26").And.Contain("width"));
        Assert.That(lines[2], Does.Contain("broken.yaml:5:"));
        Assert.That(lines[3], Does.Contain("broken.yaml:6:1").And.Contain("seeds"));
        Assert.That(Directory.Exists(tool.PathOf(".merbench")), Is.False);
    }

    [TestCase("run", "missing.yaml")]
    [TestCase("run")]
    [TestCase("runn", "x.yaml")]
    [TestCase("describe", "no-such-plugin")]
    [TestCase("list", "--plugin", "no-such-folder")]
    [TestCase("run", "ok.yaml", "--device", "tpu")]
    public async Task A_wrong_command_line_gets_one_clear_error_and_exit_code_3(params string[] arguments)
    {
        using var tool = new MerBenchTool();
        tool.Write("ok.yaml", "dataset: cues\nmodels: { r: ridge }\nperturbations: { n: noise }\n");
        BufferedCommandResult result = await tool.Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(result.StandardError, Does.Contain("error").And.Not.Contain("   at "));
        Assert.That(result.StandardOutput, Is.Empty);
    }

    [Test]
    public async Task Mistakes_in_attacks_of_attacks_are_found_at_their_place()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "nested.yaml",
            """
            dataset: { use: cues, with: { clips: 20, seconds: 1 } }
            models: { ridge: ridge }
            perturbations:
              e: { use: ensemble, with: { attacks: [ apdg, { use: pgd, with: { step: 3 } } ] }, budgets: { linf: [0.1] } }
              t: { use: transfer, with: { attack: apgd, from: rigde }, budgets: { linf: [0.1] } }
              n: { use: noise, resynthesis: 10 }
              o: { use: apgd, budgets: { linf: [0.1] }, objective: any-sideways }
              i: { use: ensemble, with: { attacks: [ { use: transfer, with: { attack: apgd, from: nobody } } ] }, budgets: { linf: [0.1] } }
            success: { tolerance: 0.1, annotator-sd: 1 }
            """
        );
        BufferedCommandResult result = await tool.Run("validate", file);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        string[] lines = result.StandardError.Trim().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(7), result.StandardError);
        Assert.That(lines[0], Does.Contain("nested.yaml:4:42").And.Contain("did you mean 'apgd'"));
        Assert.That(lines[1], Does.Contain("nested.yaml:4:68").And.Contain("steps"));
        Assert.That(lines[2], Does.Contain("nested.yaml:5:51").And.Contain("did you mean 'ridge'"));
        Assert.That(lines[3], Does.Contain("nested.yaml:6:").And.Contain("resynthesis"));
        Assert.That(lines[4], Does.Contain("nested.yaml:7:").And.Contain("any-up"));
        Assert.That(lines[5], Does.Contain("nested.yaml:8:").And.Contain("'nobody'"));
        Assert.That(lines[6], Does.Contain("nested.yaml:9:").And.Contain("annotator-sd"));
    }

    [Test]
    public async Task A_tolerance_in_annotators_sd_needs_a_dataset_that_has_it()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "sd.yaml",
            "dataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { n: noise }\nsuccess: { "
                + "annotator-sd: 1 }\n"
        );
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(result.StandardError, Does.Contain("annotators' standard deviations").And.Contain("success: tolerance"));
    }

    [Test]
    public async Task An_objective_that_names_no_emotion_is_found_before_anything_is_trained()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "o.yaml",
            """
            dataset: { use: cues, with: { clips: 20, seconds: 1 } }
            models: { r: ridge }
            perturbations:
              p: { use: pgd, budgets: { linf: [0.1] }, objective: "+joy" }
            """
        );
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain("o.yaml:4:").And.Contain("'joy' is not an emotion").And.Contain("happy"));
    }

    [Test]
    public async Task A_libtorch_folder_without_libtorch_is_an_environment_error()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write("ok.yaml", "dataset: cues\nmodels: { r: ridge }\nperturbations: { n: noise }\n");
        BufferedCommandResult result = await tool.Run("run", file, "--libtorch", tool.Folder);
        Assert.That(result.ExitCode, Is.EqualTo(4), result.StandardError);
        Assert.That(result.StandardError, Does.Contain(tool.Folder).And.Not.Contain("   at "));
        Assert.That(result.StandardOutput, Is.Empty);
    }
}
