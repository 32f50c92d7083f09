using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Layers;
using Sinter.Layers.Rotary;
using Sinter.Models;
using Sinter.Tensors.Ops;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>Rotary positions in <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c> of transformers 4, <c>rope_parameters</c> of
/// 5.</summary>
internal static class RopeFormat
{
    private const double Default = 10_000;
    private const string Original = "original_max_position_embeddings";

    /// <summary>Reads the base of the angles, their scaling, and what part of a head turns.</summary>
    /// <param name="fields">The file.</param>
    /// <param name="config">The model, its context and head size known.</param>
    /// <param name="partial">Whether the family may turn a part of each head.</param>
    /// <param name="originalContext">The context before where the file's top does not say; 0 is what the object says, or the model's own.</param>
    public static ModelConfig Read(JsonFields fields, ModelConfig config, bool partial = false, int originalContext = 0)
    {
        double? theta = null, fraction = null;
        RotaryScaling? scaling = null;
        Agree(fields, "rope_theta", ref theta);
        Agree(fields, "partial_rotary_factor", ref fraction);
        // What stands at the top counts before what stands in the object.
        if (fields.Has(Original)) originalContext = fields.Count(Original, most: ConfigLimits.Size);
        foreach (string key in (string[])["rope_scaling", "rope_parameters"])
        {
            if (fields.Object(key) is not { } rope)
                continue;
            Agree(rope, "rope_theta", ref theta);
            Agree(rope, "partial_rotary_factor", ref fraction);
            int original = originalContext > 0 ? originalContext : rope.Count(Original, config.ContextLength, ConfigLimits.Size);
            scaling = Scaling(rope, config.ContextLength, original) ?? scaling;
        }
        if (fraction is { } part && part != 1 && !partial)
            throw fields.Wrong("partial_rotary_factor", "positions that turn only a part of each head are not supported; 1 was expected.");
        config = config with { RopeTheta = theta ?? Default, RopeScaling = scaling, RotaryFraction = fraction ?? 1 };
        Check(fields, config);
        return config;
    }

    /// <summary>Writes positions where version 4 looks and where version 5 does.</summary>
    public static void Write(Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteFloat("rope_theta", config.RopeTheta);
        if (config.RopeScaling is not null)
        {
            json.WriteStartObject("rope_scaling");
            // Phi-3's first readers want these three keys and no other.
            bool plain = config is { Architecture: "phi3", RopeScaling: LongRopeScaling { Factor: null, GivenAttentionFactor: null } };
            WriteScaling(json, plain ? "type" : "rope_type", config.RopeScaling, hasOriginal: !plain);
            json.WriteEndObject();
        }
        json.WriteStartObject("rope_parameters");
        WriteScaling(json, "rope_type", config.RopeScaling, hasOriginal: true);
        json.WriteFloat("rope_theta", config.RopeTheta);
        if (config.RotaryFraction != 1) json.WriteFloat("partial_rotary_factor", config.RotaryFraction);
        json.WriteEndObject();
    }

    private static RotaryScaling? Scaling(JsonFields rope, int context, int original)
    {
        string type = rope.Text("rope_type", rope.Text("type", "default"));
        double Factor() => Above(rope, "factor");
        return type switch
        {
            "default" => null,
            "linear" => new LinearScaling(Factor()),
            "dynamic" => new DynamicScaling(Factor(), context),
            "llama3" => new Llama3Scaling(Factor(), Above(rope, "low_freq_factor"), Above(rope, "high_freq_factor"), original),
            "yarn" when rope.Has("factor") => new YarnScaling(Factor(), original)
            {
                BetaFast = rope.Has("beta_fast") ? Above(rope, "beta_fast") : 32,
                BetaSlow = rope.Has("beta_slow") ? Above(rope, "beta_slow") : 1,
                Truncate = rope.Flag("truncate", true),
                GivenAttentionFactor = Given(rope, "attention_factor"),
                MScale = Given(rope, "mscale"),
                MScaleAllDimensions = Given(rope, "mscale_all_dim"),
            },
            "longrope" or "su" or "yarn" when rope.Has("short_factor") =>
                new LongRopeScaling(Factors(rope, "short_factor"), Factors(rope, "long_factor"), original, context)
            {
                Factor = Given(rope, "factor"),
                GivenAttentionFactor = Given(rope, "attention_factor"),
            },
            "yarn" => throw rope.Wrong("factor", "it is missing"),
            "longrope" or "su" => throw rope.Wrong("short_factor", "it is missing"),
            _ => throw rope.Wrong("rope_type",
                $"rotary positions of the type {Quoted.Name(type)} are not supported; default, linear, dynamic, llama3, yarn and longrope are."),
        };
    }

    private static void WriteScaling(Utf8JsonWriter json, string typeKey, RotaryScaling? scaling, bool hasOriginal)
    {
        json.WriteString(typeKey, scaling?.Name ?? "default");
        switch (scaling)
        {
            case LinearScaling s:
                json.WriteFloat("factor", s.Factor);
                break;
            case DynamicScaling s:
                json.WriteFloat("factor", s.Factor);
                break;
            case Llama3Scaling s:
                json.WriteFloat("factor", s.Factor);
                json.WriteFloat("low_freq_factor", s.LowFrequencyFactor);
                json.WriteFloat("high_freq_factor", s.HighFrequencyFactor);
                json.WriteNumber(Original, s.OriginalContext);
                break;
            case YarnScaling s:
                json.WriteFloat("factor", s.Factor);
                json.WriteNumber(Original, s.OriginalContext);
                json.WriteFloat("beta_fast", s.BetaFast);
                json.WriteFloat("beta_slow", s.BetaSlow);
                json.WriteBoolean("truncate", s.Truncate);
                WriteGiven(json, "attention_factor", s.GivenAttentionFactor);
                WriteGiven(json, "mscale", s.MScale);
                WriteGiven(json, "mscale_all_dim", s.MScaleAllDimensions);
                break;
            case LongRopeScaling s:
                WriteFactors(json, "short_factor", s.ShortFactors);
                WriteFactors(json, "long_factor", s.LongFactors);
                if (hasOriginal) json.WriteNumber(Original, s.OriginalContext);
                WriteGiven(json, "factor", s.Factor);
                WriteGiven(json, "attention_factor", s.GivenAttentionFactor);
                break;
        }
    }

    // transformers 4 takes the value at the top, 5 the one in the object: when they differ, one of them computes another model.
    private static void Agree(JsonFields where, string key, ref double? known)
    {
        if (!where.Has(key))
            return;
        double value = where.Number(key, 0);
        if (value <= 0)
            throw where.Wrong(key, $"{value} is not a value of rotary positions; it has to be above 0.");
        if (known is { } other && other != value)
            throw where.Wrong(key, $"{value} contradicts the {other} that stands elsewhere in the file. "
                + "Keep the one that the model was trained with.");
        known = value;
    }

    private static void Check(JsonFields fields, ModelConfig config)
    {
        int turned = (int)(config.HeadSize * config.RotaryFraction);
        if (config.RotaryFraction > 1 || turned < 2 || turned % 2 != 0)
            throw fields.Wrong("partial_rotary_factor", $"{config.RotaryFraction} of a head of {config.HeadSize} are not pairs of elements.");
        if (config.RopeScaling is LongRopeScaling s && (s.ShortFactors.Count != turned / 2 || s.LongFactors.Count != turned / 2))
            throw fields.Wrong("rope_scaling", $"{s.ShortFactors.Count} and {s.LongFactors.Count} factors were found for {turned / 2} pairs.");
        if (config.RopeScaling is Llama3Scaling { LowFrequencyFactor: var low, HighFrequencyFactor: var high } && low >= high)
            throw fields.Wrong("rope_scaling", $"low_freq_factor = {low} is not below high_freq_factor = {high}.");
    }

    private static double Above(JsonFields fields, string key)
    {
        if (!fields.Has(key))
            throw fields.Wrong(key, "it is missing");
        double value = fields.Number(key, 0);
        return value > 0 ? value : throw fields.Wrong(key, $"{value} is not above 0.");
    }

    private static double? Given(JsonFields fields, string key) => fields.Has(key) ? Above(fields, key) : null;

    private static ValueList<double> Factors(JsonFields fields, string key)
    {
        double[] factors = fields.Numbers(key);
        return factors.All(f => f > 0) ? new ValueList<double>(factors) : throw fields.Wrong(key, "factors have to be above 0.");
    }

    private static void WriteGiven(Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } given) json.WriteFloat(key, given);
    }

    private static void WriteFactors(Utf8JsonWriter json, string key, ValueList<double> factors)
    {
        json.WriteStartArray(key);
        foreach (double factor in factors) json.WriteNumberValue(factor);
        json.WriteEndArray();
    }
}
