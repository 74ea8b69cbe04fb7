using System.Text.Json;
using MerBench.Reports.Bibliography;

namespace MerBench.Reports.Paper;

/// <summary>Models and how they were trained; models of one recipe together.</summary>
internal static class ModelMethods
{
    public static Paragraph Write(RunFacts facts, RunBibliography bibliography)
    {
        var text = new Paragraph();
        foreach (var use in facts.Models.GroupBy(m => m.Use, StringComparer.Ordinal))
        {
            IEnumerable<Inline> models = use.Select(m =>
                Sentence.Format($"{Inline.Code(m.Name)}{(m.Options is { } options ? OptionText.InBrackets(options) : "")}")
            );
            text.Say(
                $"{(use.Count() == 1 ? "The model" : "The models")} {Inline.List(models)} {(use.Count() == 1 ? "is" : "are")} of the "
                    + $"kind {Inline.Code(use.Key)}{Inline.Cite(bibliography.Cite($"model/{use.Key}"))}."
            );
        }

        foreach (var recipe in facts.Models.Where(m => m.IsTrained).GroupBy(m => m.Recipe!.Value.GetRawText(), StringComparer.Ordinal))
            SayTraining(text, [.. recipe]);
        foreach (ModelFacts model in facts.Models.Where(m => m.IsTrained && m.Adversarial is not null))
            SayAdversarial(text, model, model.Adversarial!.Value, bibliography);
        foreach (ModelFacts model in facts.Models.Where(m => m.IsTrained && m.Free is not null))
            SayFree(text, model, model.Free!.Value);
        foreach (ModelFacts model in facts.Models.Where(m => m.IsTrained && m.TrainingNoise is not null))
            text.Say(
                $"Gaussian noise of standard deviation {model.TrainingNoise!.Value} was added to the training clips of "
                    + $"{Inline.Code(model.Name)}{Inline.Cite(OwnReferences.NoiseAugmentation)}, anew in each epoch."
            );
        SayGroup(
            text,
            facts.Models.Where(m => m.IsFitted),
            "was fitted to the training clips by a procedure of its own",
            "were fitted to the training clips by procedures of their own"
        );
        SayGroup(
            text,
            facts.Models.Where(m => m.HasLoadedWeights),
            "was loaded from weights and not trained here",
            "were loaded from weights and not trained here"
        );
        if (facts.Models.Any(m => m.IsTrained || m.IsFitted))
            SaySeeds(text, facts.Seeds);
        return text;
    }

    private static void SayTraining(Paragraph text, ModelFacts[] models)
    {
        JsonElement recipe = models[0].Recipe!.Value;
        double weight = recipe.GetProperty("concept-weight").GetDouble();
        Inline loss =
            weight > 0
                ? Sentence.Format(
                    $"the loss {Inline.Math("(1-w)", "(1 - w)")} times the mean squared error of the emotions plus "
                        + $"{Inline.Math("w", "w")} times that of the concepts, "
                        + $"{Inline.Math($"w={Number(weight)}", $"w = {Number(weight)}")}"
                )
                : Inline.Text("the mean squared error as loss");
        int[] best = [.. models.SelectMany(m => m.Trainings).Select(t => t.BestEpoch)],
            run = [.. models.SelectMany(m => m.Trainings).Select(t => t.EpochsRun)];
        bool onTraining = models.SelectMany(m => m.Trainings).Any(t => t.ValidatedOnTraining);
        text.Say(
            $"{Names(models)} {(models.Length == 1 ? "was" : "were")} trained with Adam{Inline.Cite(OwnReferences.Adam)} (learning rate "
                + $"{recipe.GetProperty("learning-rate").GetDouble()}, batches of {recipe.GetProperty("batch").GetInt32()}) and {loss}."
        );
        text.Say(
            $"Training took at most {recipe.GetProperty("epochs").GetInt32()} epochs and ended after "
                + $"{recipe.GetProperty("patience").GetInt32()} without a better mean Pearson correlation of "
                + $"emotions{(weight > 0 ? ", plus that of concepts," : "")} on the {(onTraining ? "training" : "validation")} clips; "
                + $"{Range(run)} were run, and the weights of the best were kept ({Range(best)})."
        );
    }

    private static void SayAdversarial(Paragraph text, ModelFacts model, JsonElement adversarial, RunBibliography bibliography)
    {
        JsonElement attack = adversarial.GetProperty("attack");
        string id = attack.GetProperty("id").GetString()!;
        int every = adversarial.GetProperty("every").GetInt32();
        Inline budget = adversarial.GetProperty("budget").GetString() is { } written
            ? Sentence.Format($" within {Budgets.Written(written)}")
            : Inline.Text(" without a budget");
        Inline often = every == 1 ? Inline.Text("in every epoch") : Sentence.Format($"in every {Ordinal(every)} epoch");
        Sentence use = Sentence.Format(
            $"batches were attacked by "
                + $"{Inline.Code(id)}{Inline.Cite(bibliography.Cite($"attack/{id}", attack.GetProperty("options")))}"
                + $"{OptionText.InBrackets(attack.GetProperty("options"))}{budget}"
        );
        if (adversarial.GetProperty("trades") is { ValueKind: JsonValueKind.Number } trades)
            text.Say(
                $"{Inline.Code(model.Name)} was trained with TRADES{Inline.Cite(OwnReferences.Trades)} {often}: {use}, and the mean "
                    + $"squared distance between predictions for clean and perturbed clips was added to the loss, with weight "
                    + $"{trades.GetDouble()}."
            );
        else if (adversarial.TryGetProperty("concept-stability", out JsonElement stability))
            text.Say(
                $"{Inline.Code(model.Name)} was trained to keep its concepts {often}: {use}, and the mean squared distance between "
                    + $"concepts predicted for clean and perturbed clips was added to the loss, with weight {stability.GetDouble()}, as "
                    + $"TRADES{Inline.Cite(OwnReferences.Trades)} does with predictions."
            );
        else
            text.Say(
                $"{Inline.Code(model.Name)} was trained adversarially {often}: {use}, maximising "
                    + $"{Objective.Describe(adversarial.GetProperty("objective").GetString()!)}, and trained on with their ratings "
                    + $"{(adversarial.TryGetProperty("perturbed-only", out _) ? "in place of" : "after")} the clean ones."
            );
    }

    private static void SayFree(Paragraph text, ModelFacts model, JsonElement free) =>
        text.Say(
            $"{Inline.Code(model.Name)} was trained by free adversarial training{Inline.Cite(OwnReferences.FreeTraining)}: each batch was "
                + $"trained on {free.GetProperty("replays").GetInt32()} times, with a perturbation within an "
                + $"{Inline.Math(@"L_\infty", "L∞")} radius of {free.GetProperty("linf").GetDouble()} that moved along the "
                + $"gradient of each step."
        );

    private static void SayGroup(Paragraph text, IEnumerable<ModelFacts> models, string one, string several)
    {
        ModelFacts[] all = [.. models];
        if (all.Length > 0)
            text.Say($"{Names(all)} {(all.Length == 1 ? one : several)}.");
    }

    private static void SaySeeds(Paragraph text, IReadOnlyList<int> seeds)
    {
        if (seeds.Count == 1)
            text.Say($"Each model was trained once (seed {seeds[0]}).");
        else
            text.Say($"Each model was trained {seeds.Count} times, with seeds {string.Join(", ", seeds)}.");
    }

    private static Inline Names(IEnumerable<ModelFacts> models) => Inline.List(models.Select(m => Inline.Code(m.Name)));

    private static string Range(int[] numbers) =>
        numbers.Min() == numbers.Max()
            ? FormattableString.Invariant($"{numbers.Min()}")
            : FormattableString.Invariant($"{numbers.Min()} to {numbers.Max()}");

    private static string Number(double value) => FormattableString.Invariant($"{value}");

    private static string Ordinal(int n) =>
        FormattableString.Invariant(
            $"{n}{(n % 10, n / 10 % 10) switch { (1, not 1) => "st", (2, not 1) => "nd", (3, not 1) => "rd", _ => "th" }}"
        );
}
