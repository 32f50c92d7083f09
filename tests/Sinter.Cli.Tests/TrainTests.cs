using System.Runtime.Versioning;
using Sinter.Monitoring;

namespace Sinter.Cli.Tests;

public sealed class TrainTests(TrainedRun trained)
{
    [Fact]
    public void A_run_leaves_model_checkpoints_metrics_and_says_how_to_go_on()
    {
        foreach (string file in (string[])["recipe.yaml", "metrics.jsonl", "run.json", "report.html", "model/config.json",
            "model/model.safetensors", "model/tokenizer.json", "checkpoints/step-000020/manifest.json"])
            Assert.True(File.Exists(Path.Combine(trained.Run, file)), file);
        Assert.Contains("generate run --prompt", trained.Trained.Output);
        Assert.Contains("The run is in run", trained.Trained.Output);
        var lines = MetricsLine.Read(Path.Combine(trained.Run, "metrics.jsonl")).ToList();
        Assert.Equal([0, 10, 20], lines.Where(l => l.IsEvaluated).Select(l => (int)l.Step));
        Assert.True(lines[^1].ValidationLoss < lines[0].ValidationLoss - 0.05, $"{lines[0].ValidationLoss} to {lines[^1].ValidationLoss}");
        Assert.DoesNotContain('\u001b', trained.Trained.Output);
    }

    [Fact]
    public void A_new_run_has_a_folder_of_its_own()
    {
        using var workspace = new Workspace();
        workspace.Run("train", "recipe.yaml", "--set", "training.max_steps=1").Expect(0);
        Assert.Matches(@"runs.recipe-\d{8}-\d{6}$", Assert.Single(workspace.Runs()));
    }

    [Fact]
    public void The_folder_of_a_recipe_whose_name_has_spaces_has_none()
    {
        using var workspace = new Workspace();
        File.Move(workspace["recipe.yaml"], workspace["my recipe (1).yaml"]);
        workspace.Run("train", "my recipe (1).yaml", "--set", "training.max_steps=1").Expect(0);
        Assert.Matches(@"runs.my-recipe--1--\d{8}-\d{6}$", Assert.Single(workspace.Runs()));
    }

    [Fact]
    public void Json_is_alone_on_standard_output()
    {
        using var workspace = new Workspace();
        var result = workspace.Run("train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=2", "--json").Expect(0);
        var json = result.Json();
        Assert.Equal("completed", json.GetProperty("outcome").GetString());
        Assert.Equal(2, json.GetProperty("step").GetInt64());
        Assert.True(json.GetProperty("validation_loss").GetDouble() > 0);
        Assert.True(File.Exists(Path.Combine(json.GetProperty("model").GetString()!, "config.json")));
        Assert.Contains("step 2/2", result.Error);
    }

    [Fact]
    public void A_rule_that_ends_a_run_is_named_with_its_best_and_last_step()
    {
        using var workspace = new Workspace();
        string[] patient = ["train", "recipe.yaml", "--run", "run", "--set", "training.eval_every=1", "--set", "training.max_steps=9",
            "--set", "training.stop={ name: patience, patience: 1, min_change: 100 }"];
        var result = workspace.Run(patient).Expect(0);
        Assert.Contains("patience ends the run at step 1: validation_loss has not improved in 1 evaluation", result.Output);
        Assert.Contains("The model is that of step 1, the best: validation loss", result.Output);
        Assert.Contains("ended by patience at step 1 of 9", workspace.Run("inspect", "run").Expect(0).Output);
        var json = workspace.Run("train", "--run", "run", "--resume", "--json").Expect(0).Json();
        Assert.Equal(("already_complete", 1), (json.GetProperty("outcome").GetString(), json.GetProperty("step").GetInt64()));
        Assert.Equal("patience", json.GetProperty("stopped_by").GetProperty("rule").GetString());
        Assert.Equal(1, json.GetProperty("best").GetProperty("step").GetInt64());
    }

    [Fact]
    public void A_guard_has_an_exit_code_of_its_own()
    {
        using var workspace = new Workspace();
        var result = workspace.Run("train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=3", "--set", "training.save_every=1",
            "--set", "training.stop={ name: guard, condition: accuracy >= 0 for 3 times }").Expect(3);
        Assert.Contains("Step 3: accuracy >= 0: it is", result.Error);
        Assert.Contains("train --run run --resume --set", result.Output);
        Assert.False(Directory.Exists(workspace["run/model"]));
        Assert.True(File.Exists(workspace["run/report.html"]));
        Assert.Contains("failed at step 3 of 3", workspace.Run("inspect", "run").Expect(0).Output);
    }

    [Fact]
    public void Resuming_a_complete_run_changes_nothing()
    {
        using var workspace = new Workspace();
        workspace.Run("train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=2").Expect(0);
        var before = workspace.Hashes("run");
        foreach (string[] recipe in (string[][])[[], ["recipe.yaml", "--set", "training.max_steps=2"]])
        {
            var result = workspace.Run(["train", .. recipe, "--run", "run", "--resume"]).Expect(0);
            Assert.Contains("complete", result.Output);
            Assert.Equal(before, workspace.Hashes("run"));
        }
        Assert.Equal("already_complete",
            workspace.Run("train", "--run", "run", "--resume", "--json").Expect(0).Json().GetProperty("outcome").GetString());
    }

    [Fact]
    public void A_longer_recipe_goes_on_with_a_complete_run_and_shows_the_change()
    {
        using var workspace = new Workspace();
        workspace.Run("train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=2").Expect(0);
        var result = workspace.Run("train", "--run", "run", "--resume", "--set", "training.max_steps=4").Expect(0);
        Assert.Contains("training.max_steps was 2 and is 4", result.Output);
        Assert.Equal([0, 1, 2, 3, 4], MetricsLine.Read(workspace["run/metrics.jsonl"]).Select(l => (int)l.Step));
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_refused()
    {
        using var workspace = new Workspace();
        workspace.Run("train", "recipe.yaml", "--run", "run", "--set", "training.max_steps=1").Expect(0);
        var before = workspace.Hashes("run");
        Assert.Contains("--resume", workspace.Run("train", "recipe.yaml", "--run", "run").Expect(1).Error);
        Assert.Equal(before, workspace.Hashes("run"));
    }

    [Fact]
    public void Resuming_what_is_not_there_is_refused()
    {
        using var workspace = new Workspace();
        Assert.Contains("no run to resume", workspace.Run("train", "--run", "nowhere", "--resume").Expect(1).Error);
        Assert.False(Directory.Exists(workspace["nowhere"]));
    }

    [Fact]
    public void Resuming_without_a_checkpoint_begins_at_the_beginning()
    {
        using var workspace = new Workspace();
        workspace.Run("train", "recipe.yaml", "--run", "run", "--resume", "--set", "training.max_steps=2").Expect(0);
        Assert.Equal([0, 1, 2], MetricsLine.Read(workspace["run/metrics.jsonl"]).Select(l => (int)l.Step));
    }

    [Fact]
    public void No_color_and_pipes_get_plain_lines()
    {
        Assert.DoesNotContain('\u001b', trained.Trained.Output + trained.Trained.Error);
        Assert.Contains("step 20/20", trained.Trained.Output);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_named()
    {
        using var workspace = new Workspace();
        // A file where a folder should be stops the superuser too.
        var result = workspace.Run("train", "recipe.yaml", "--run", "text.txt/run").Expect(1);
        Assert.Contains("text.txt", result.Error);
        Assert.StartsWith("error: ", result.Error);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_read_only_folder_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "The superuser may write everywhere.");
        using var workspace = new Workspace();
        File.SetUnixFileMode(Directory.CreateDirectory(workspace["locked"]).FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Contains("permission denied", workspace.Run("train", "recipe.yaml", "--run", "locked/run").Expect(1).Error);
    }
}
