using System.Text.Json;

namespace Sinter.Checkpoints;

/// <summary>Rotary positions in <c>config.json</c>: <c>rope_theta</c> and <c>rope_scaling</c> of transformers 4, <c>rope_parameters</c> of
/// 5.</summary>
internal static class RopeFormat
{
    private const double Default = 10_000;

    /// <summary>The base of the angles; scaled or partial rotary positions are refused.</summary>
    public static double Theta(JsonFields fields)
    {
        RefusePartial(fields);
        double? theta = null;
        Agree(fields, "rope_theta");
        foreach (string key in (string[])["rope_scaling", "rope_parameters"])
        {
            if (fields.Object(key) is not { } rope)
                continue;
            RefusePartial(rope);
            string type = rope.Text("rope_type", rope.Text("type", "default"));
            if (type != "default")
                throw rope.Wrong("rope_type", $"rotary positions of the type {Quoted.Name(type)} are not supported; default is.");
            Agree(rope, "rope_theta");
        }
        return theta ?? Default;

        // transformers 4 takes the value at the top, 5 the one in the object: when they differ, one of them computes another model.
        void Agree(JsonFields where, string key)
        {
            if (!where.Has(key))
                return;
            double value = where.Number(key, Default);
            if (value <= 0)
                throw where.Wrong(key, $"{value} is not a base of rotary angles; it has to be above 0.");
            if (theta is { } other && other != value)
                throw where.Wrong(key, $"{value} contradicts the {other} that stands elsewhere in the file. "
                    + "Keep the one that the model was trained with.");
            theta = value;
        }
    }

    /// <summary>Writes the base where version 4 looks and where version 5 does.</summary>
    public static void Write(Utf8JsonWriter json, double theta)
    {
        json.WriteFloat("rope_theta", theta);
        json.WriteStartObject("rope_parameters");
        json.WriteString("rope_type", "default");
        json.WriteFloat("rope_theta", theta);
        json.WriteEndObject();
    }

    private static void RefusePartial(JsonFields fields)
    {
        if (fields.Number("partial_rotary_factor", 1) != 1)
            throw fields.Wrong("partial_rotary_factor", "positions that turn only a part of each head are not supported; 1 was expected.");
    }
}
