using Sinter.Checkpoints;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class ExportCheckTests
{
    [Fact]
    public void A_folder_that_holds_the_model_passes_to_the_bit()
    {
        using var folder = new TempFolder();
        using var device = new CpuDevice(2);
        var model = Architectures.BuildModel(TestModels.Llama, device, seed: 5);
        ModelFolder.Save(folder.Path, model, null);
        ExportResult result = ExportCheck.Compare(folder.Path, model);
        Assert.Equal((0, 6 * 11, model.Parameters.Sum(p => p.Value.Count)), (result.Error, result.Logits, result.Weights));
    }

    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float16)]
    public void Narrower_weights_pass_within_their_bound(DType type)
    {
        using var folder = new TempFolder();
        using var device = new CpuDevice(2);
        var model = Architectures.BuildModel(TestModels.Gpt2, device, seed: 5);
        ModelFolder.Save(folder.Path, model, null, saving: new WeightSaving { DType = type, Format = WeightFormat.PyTorch });
        ExportResult result = ExportCheck.Compare(folder.Path, model, type);
        Assert.InRange(result.Error, double.Epsilon, ExportCheck.Bound(type));
        Assert.Contains("came back with other values", Assert.Throws<CheckpointException>(() => ExportCheck.Compare(folder.Path, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_bit_of_one_weight_is_noticed()
    {
        using var folder = new TempFolder();
        using var device = new CpuDevice(2);
        var model = Architectures.BuildModel(TestModels.Llama, device, seed: 5);
        ModelFolder.Save(folder.Path, model, null);
        long offset;
        using (var file = SafetensorsReader.Open(folder["model.safetensors"])) offset = file.Get("model.layers.1.mlp.up_proj.weight").Offset;
        using (var file = new FileStream(folder["model.safetensors"], FileMode.Open))
        {
            file.Position = offset;
            int value = file.ReadByte();
            file.Position = offset;
            file.WriteByte((byte)(value ^ 1));
        }
        Assert.Contains("model.layers.1.mlp.up_proj.weight came back", Assert.Throws<CheckpointException>(() => ExportCheck.Compare(folder.Path, model)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_that_are_no_numbers_or_too_far_are_refused()
    {
        Assert.Throws<CheckpointException>(() => ExportCheck.CompareLogits("x", [1, 2], [1, float.NaN], 0.05));
        Assert.Throws<CheckpointException>(() => ExportCheck.CompareLogits("x", [1, 2], [1, 2.2f], 0.05));
        Assert.Equal(0.1 / Math.Sqrt(5), ExportCheck.CompareLogits("x", [1, 2], [1, 2.1f], 0.05).Error, 1e-6);
        Assert.Equal(0, ExportCheck.CompareLogits("x", [1, float.NaN], [1, float.NaN], 0).Error);
    }
}
